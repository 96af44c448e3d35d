use crate::VersionRange;

/// Bytes that are not the message they were taken for. Positions count from the start of what the reader was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("{message} has versions {versions}, not {version}")]
    Version { message: &'static str, versions: VersionRange, version: i16 },
    #[error("no {group} has the key {key}")]
    RecordKey { group: &'static str, key: i16 },
    #[error("{needed} bytes are needed at byte {position}, {left} are left")]
    Truncated { position: usize, needed: usize, left: usize },
    #[error("a length at byte {position} is negative")]
    NegativeLength { position: usize },
    #[error("a value before byte {position} is null and must not be")]
    Null { position: usize },
    #[error("a string of {size} bytes at byte {position} is too long")]
    StringTooLong { position: usize, size: usize },
    #[error("a string at byte {position} is not UTF-8")]
    Utf8 { position: usize },
    #[error("a variable-length integer at byte {position} does not end in time")]
    Varint { position: usize },
    #[error("an array at byte {position} declares {count} elements, more than its bytes hold")]
    ArrayTooLong { position: usize, count: usize },
    #[error("the arrays up to byte {position} take more memory than one message may")]
    Memory { position: usize },
    #[error("a tagged field that ends at byte {position} has another size than it declares")]
    TaggedFieldSize { position: usize },
    #[error("{count} bytes follow the message")]
    TrailingBytes { count: usize },
    #[error("a record frame of version {version} is not known")]
    FrameVersion { version: u32 },
}

/// A message that cannot be written in the version asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    #[error("{message} has versions {versions}, not {version}")]
    Version { message: &'static str, versions: VersionRange, version: i16 },
    /// The field is set, and a peer of this version would act wrongly without it.
    #[error("{field} is set and version {version} has no such field")]
    FieldNotInVersion { field: &'static str, version: i16 },
    #[error("{field} must not be null")]
    Null { field: &'static str },
    #[error("a value of {size} bytes or elements is too long")]
    TooLong { size: usize },
}
