use std::fmt::Debug;

use bytes::Bytes;
use model::Uuid;

use crate::{ApiKey, DecodeError, EncodeError, Reader, VersionRange, Writer};

/// A value with one layout per version: a struct of a message, or a primitive that arrays are made of.
pub trait Element: Sized {
    /// The fewest bytes a value takes in any version.
    const SIZE_MIN: usize;

    /// Reads one value; lengths are compact if the reader is set so.
    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError>;

    /// Appends the value. A field that `version` lacks is left out if peers may ignore it, else it must be at its default.
    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError>;
}

/// A whole message: a request, a response, a header, or the body of a record.
///
/// Its struct has the fields of all versions; which of them are on the wire is decided by the version. `Default` gives
/// every field the value that stands for "absent". Tagged fields that are not known are dropped when decoding.
pub trait Message: Element + Default + Clone + Debug + PartialEq {
    /// Kafka's name, such as `FetchRequest`.
    const NAME: &'static str;
    const VERSIONS: VersionRange;
    /// Versions with compact lengths and tagged fields.
    const FLEXIBLE: VersionRange;

    /// Decodes the body of a message; bytes after it stay in the reader.
    fn decode(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        if !Self::VERSIONS.contains(version) {
            let (message, versions) = (Self::NAME, Self::VERSIONS);
            return Err(DecodeError::Version { message, versions, version });
        }
        input.set_flexible(Self::FLEXIBLE.contains(version));
        Self::read(input, version)
    }

    /// Decodes bytes that are one message and nothing else; its `Bytes` fields are slices of `data`.
    fn decode_exact(data: &Bytes, version: i16) -> Result<Self, DecodeError> {
        let mut input = Reader::shared(data);
        let message = Self::decode(&mut input, version)?;
        input.finish()?;
        Ok(message)
    }

    /// Appends the body of the message; after an error nothing is appended.
    fn encode(&self, out: &mut Vec<u8>, version: i16) -> Result<(), EncodeError> {
        if !Self::VERSIONS.contains(version) {
            let (message, versions) = (Self::NAME, Self::VERSIONS);
            return Err(EncodeError::Version { message, versions, version });
        }
        let start = out.len();
        let result = self.write(&mut Writer::new(out, Self::FLEXIBLE.contains(version)), version);
        if result.is_err() {
            out.truncate(start);
        }
        result
    }
}

/// A request, with the response that answers it in the same version.
pub trait Request: Message {
    const KEY: ApiKey;
    type Response: Message;
}

/// The body of a record in one of Kafka's own topics, with the number that says which record it is.
pub trait Record: Message {
    const KEY: i16;
}

/// One of the records that share a topic, or one of their keys.
pub trait AnyRecord: Sized {
    /// Decodes the body of the record that has this key; bytes after it stay in the reader.
    fn decode(key: i16, input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError>;

    /// Appends the body, without key and version.
    fn encode(&self, out: &mut Vec<u8>, version: i16) -> Result<(), EncodeError>;

    fn key(&self) -> i16;

    /// Kafka's name of the record.
    fn name(&self) -> &'static str;

    fn versions(&self) -> VersionRange;
}

macro_rules! primitive {
    ($($type:ty, $method:ident, $size:expr;)*) => {$(
        impl Element for $type {
            const SIZE_MIN: usize = $size;

            #[inline]
            fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
                input.$method()
            }

            #[inline]
            fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
                out.$method(*self);
                Ok(())
            }
        }
    )*};
}

primitive! {
    i8, i8, 1;
    i16, i16, 2;
    i32, i32, 4;
    i64, i64, 8;
    Uuid, uuid, 16;
}

impl Element for String {
    const SIZE_MIN: usize = 1;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        input.string()
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(self)
    }
}

/// The value of a field that must not be null in the version being written.
pub(crate) fn required<T>(value: Option<T>, field: &'static str) -> Result<T, EncodeError> {
    value.ok_or(EncodeError::Null { field })
}
