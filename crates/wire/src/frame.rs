//! How records of Kafka's own topics say which record they are: the bytes before their bodies.

use bytes::Bytes;

use crate::records::metadata::MetadataRecord;
use crate::records::storage::StorageRecord;
use crate::{AnyRecord, DecodeError, EncodeError, Reader, Writer};

/// The only version of the frame around metadata records.
const METADATA_FRAME_VERSION: u32 = 1;

/// Appends a record of `__cluster_metadata`: frame version, key and version, then the body.
pub fn encode_metadata_record(
    record: &MetadataRecord,
    version: i16,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let start = out.len();
    Writer::new(out, true).unsigned_varint(METADATA_FRAME_VERSION);
    let result = encode_keyed(record, version, out);
    if result.is_err() {
        out.truncate(start);
    }
    result
}

/// A record of `__cluster_metadata` and its version.
pub fn decode_metadata_record(data: &Bytes) -> Result<(MetadataRecord, i16), DecodeError> {
    let mut input = Reader::shared(data);
    let version = input.unsigned_varint()?;
    if version != METADATA_FRAME_VERSION {
        return Err(DecodeError::FrameVersion { version });
    }
    decode_keyed(input)
}

/// Appends a record of `__remote_log_metadata`: key and version, then the body.
pub fn encode_remote_log_record(
    record: &StorageRecord,
    version: i16,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    encode_keyed(record, version, out)
}

/// A record of `__remote_log_metadata` and its version.
pub fn decode_remote_log_record(data: &Bytes) -> Result<(StorageRecord, i16), DecodeError> {
    decode_keyed(Reader::shared(data))
}

/// Appends the key of a coordinator's record: its number, then the body in version 0.
pub fn encode_coordinator_key(key: &impl AnyRecord, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let start = out.len();
    out.extend(key.key().to_be_bytes());
    let result = key.encode(out, 0);
    if result.is_err() {
        out.truncate(start);
    }
    result
}

pub fn decode_coordinator_key<K: AnyRecord>(data: &Bytes) -> Result<K, DecodeError> {
    let mut input = Reader::shared(data);
    let number = input.i16()?;
    let key = K::decode(number, &mut input, 0)?;
    input.finish()?;
    Ok(key)
}

/// Appends the value of a coordinator's record: its version, then the body.
pub fn encode_coordinator_value(
    value: &impl AnyRecord,
    version: i16,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let start = out.len();
    out.extend(version.to_be_bytes());
    let result = value.encode(out, version);
    if result.is_err() {
        out.truncate(start);
    }
    result
}

/// The value of a coordinator's record whose key has this number, and its version.
pub fn decode_coordinator_value<V: AnyRecord>(
    key: i16,
    data: &Bytes,
) -> Result<(V, i16), DecodeError> {
    let mut input = Reader::shared(data);
    let version = input.i16()?;
    let value = V::decode(key, &mut input, version)?;
    input.finish()?;
    Ok((value, version))
}

fn encode_keyed(
    record: &impl AnyRecord,
    version: i16,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let start = out.len();
    let mut writer = Writer::new(out, true);
    // Neither is ever negative.
    writer.unsigned_varint(u32::from(record.key().unsigned_abs()));
    writer.unsigned_varint(u32::from(version.unsigned_abs()));
    let result = record.encode(out, version);
    if result.is_err() {
        out.truncate(start);
    }
    result
}

fn decode_keyed<R: AnyRecord>(mut input: Reader<'_>) -> Result<(R, i16), DecodeError> {
    let position = input.position();
    let too_large = DecodeError::Varint { position };
    let key = i16::try_from(input.unsigned_varint()?).map_err(|_| too_large)?;
    let version = i16::try_from(input.unsigned_varint()?).map_err(|_| too_large)?;
    let record = R::decode(key, &mut input, version)?;
    input.finish()?;
    Ok((record, version))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::group::{GroupKey, GroupMetadataKey, GroupValue, OffsetCommitValue};
    use crate::records::metadata::FenceBrokerRecord;

    #[test]
    fn a_metadata_record_carries_frame_key_and_version() {
        let record = MetadataRecord::from(FenceBrokerRecord { id: 1, epoch: 2 });
        let mut out = Vec::new();
        encode_metadata_record(&record, 0, &mut out).unwrap();
        assert_eq!(out, [1, 7, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0]);
        assert_eq!(decode_metadata_record(&Bytes::from(out)), Ok((record, 0)));
    }

    #[test]
    fn another_frame_version_is_refused() {
        let data = Bytes::from_static(&[2, 7, 0]);
        assert_eq!(decode_metadata_record(&data), Err(DecodeError::FrameVersion { version: 2 }));
    }

    #[test]
    fn a_coordinator_key_begins_with_its_number() {
        let key = GroupKey::from(GroupMetadataKey { group: "g".to_owned() });
        let mut out = Vec::new();
        encode_coordinator_key(&key, &mut out).unwrap();
        assert_eq!(out, b"\0\x02\0\x01g");
        assert_eq!(decode_coordinator_key::<GroupKey>(&Bytes::from(out)), Ok(key));
    }

    #[test]
    fn a_coordinator_value_begins_with_its_version() {
        let value = OffsetCommitValue { offset: 5, ..OffsetCommitValue::default() };
        let value = GroupValue::from(value);
        let mut out = Vec::new();
        encode_coordinator_value(&value, 3, &mut out).unwrap();
        assert_eq!(&out[..10], b"\0\x03\0\0\0\0\0\0\0\x05");
        assert_eq!(decode_coordinator_value(1, &Bytes::from(out)), Ok((value, 3)));
    }

    #[test]
    fn an_unknown_key_is_refused_by_number() {
        let error = decode_coordinator_key::<GroupKey>(&Bytes::from_static(b"\x7f\0")).unwrap_err();
        assert_eq!(error, DecodeError::RecordKey { group: "GroupKey", key: 0x7f00 });
    }
}
