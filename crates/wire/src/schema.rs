//! Every message described by tables, and messages of random content made from them alone: a second writer of the format,
//! against which the generated one is tested.

use bytes::Bytes;

use crate::{DecodeError, EncodeError, Message, VersionRange};

mod random;

pub use crate::generated::schema::MESSAGES;
pub use random::{default_bytes, random_bytes, random_message};

/// One message in all its versions.
#[derive(Debug)]
pub struct MessageSchema {
    /// Kafka's name, such as `FetchRequest`.
    pub name: &'static str,
    /// `api` for requests and responses, else the module of `wire::records`.
    pub group: &'static str,
    pub versions: VersionRange,
    pub flexible: VersionRange,
    pub root: &'static StructSchema,
    /// Decodes bytes that are the message in the first version and nothing else, and encodes it in the second.
    pub translate: fn(&Bytes, i16, i16) -> Result<Vec<u8>, RecodeError>,
    /// Encodes the message with all fields at their defaults.
    pub encode_default: fn(i16) -> Result<Vec<u8>, EncodeError>,
}

impl MessageSchema {
    /// Decodes bytes that are the message and nothing else, and encodes what was found.
    pub fn recode(&self, data: &Bytes, version: i16) -> Result<Vec<u8>, RecodeError> {
        (self.translate)(data, version, version)
    }
}

#[derive(Debug)]
pub struct StructSchema {
    pub name: &'static str,
    pub fields: &'static [FieldSchema],
}

#[derive(Clone, Copy, Debug)]
pub struct FieldSchema {
    /// As Kafka spells it.
    pub name: &'static str,
    pub kind: FieldKind,
    pub versions: VersionRange,
    pub nullable: VersionRange,
    /// As the spec spells it; `null` for null.
    pub default: Option<&'static str>,
    pub tag: Option<u32>,
    /// A string with a length of two bytes whatever the version.
    pub plain: bool,
}

#[derive(Clone, Copy, Debug)]
pub enum FieldKind {
    Bool,
    Int8,
    Int16,
    Uint16,
    Int32,
    Uint32,
    Int64,
    Float64,
    Uuid,
    String,
    Bytes,
    Records,
    Struct(&'static StructSchema),
    Array(&'static Self),
}

/// Why bytes did not come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecodeError {
    #[error(transparent)]
    Decode(#[from] DecodeError),
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

impl FieldSchema {
    pub(crate) const fn new(name: &'static str, kind: FieldKind, min: i16, max: i16) -> Self {
        Self {
            name,
            kind,
            versions: VersionRange::new(min, max),
            nullable: VersionRange::NONE,
            default: None,
            tag: None,
            plain: false,
        }
    }

    pub(crate) const fn nullable(self, min: i16, max: i16) -> Self {
        Self { nullable: VersionRange::new(min, max), ..self }
    }

    pub(crate) const fn default(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    pub(crate) const fn tag(self, tag: u32) -> Self {
        Self { tag: Some(tag), ..self }
    }

    pub(crate) const fn plain(self) -> Self {
        Self { plain: true, ..self }
    }
}

/// The description of a message by Kafka's name.
pub fn find(name: &str) -> Option<&'static MessageSchema> {
    MESSAGES.iter().find(|schema| schema.name == name)
}

pub(crate) fn translate<M: Message>(
    data: &Bytes,
    from: i16,
    to: i16,
) -> Result<Vec<u8>, RecodeError> {
    let message = M::decode_exact(data, from)?;
    let mut out = Vec::new();
    message.encode(&mut out, to)?;
    Ok(out)
}
