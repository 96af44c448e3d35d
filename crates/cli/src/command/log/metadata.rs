//! Records of Kafka's own topics, decoded.

use std::fmt::Debug;

use bytes::Bytes;
use record::{ControlType, EndTransactionMarker, RecordView};
use wire::records::group::{GroupKey, GroupValue};
use wire::records::transaction::{TransactionKey, TransactionValue};
use wire::{AnyRecord, frame};

use super::Topic;

/// Key and value as text; `None` for records that are an application's, or that cannot be decoded.
pub(super) fn decode(
    topic: Topic,
    is_control: bool,
    record: &RecordView<'_>,
) -> Option<(String, String)> {
    if is_control {
        return control(record);
    }
    match topic {
        Topic::Metadata => {
            let value = Bytes::copy_from_slice(record.value?);
            let (decoded, version) = frame::decode_metadata_record(&value).ok()?;
            Some((format!("{} v{version}", decoded.name()), format!("{decoded:?}")))
        }
        Topic::Offsets => coordinator::<GroupKey, GroupValue>(record),
        Topic::Transactions => coordinator::<TransactionKey, TransactionValue>(record),
        Topic::Other => None,
    }
}

fn coordinator<K: AnyRecord + Debug, V: AnyRecord + Debug>(
    record: &RecordView<'_>,
) -> Option<(String, String)> {
    let key = Bytes::copy_from_slice(record.key?);
    let key = frame::decode_coordinator_key::<K>(&key).ok()?;
    let value = match record.value {
        None => "deleted".to_owned(),
        Some(value) => {
            let value = Bytes::copy_from_slice(value);
            let (value, version) = frame::decode_coordinator_value::<V>(key.key(), &value).ok()?;
            format!("v{version} {value:?}")
        }
    };
    Some((format!("{key:?}"), value))
}

fn control(record: &RecordView<'_>) -> Option<(String, String)> {
    let control = ControlType::parse_key(record.key).ok()?;
    let value = match control {
        ControlType::Abort | ControlType::Commit => {
            format!("{:?}", EndTransactionMarker::parse(record).ok()?)
        }
        _ => format!("{} bytes", record.value.map_or(0, <[u8]>::len)),
    };
    Some((format!("{control:?}"), value))
}
