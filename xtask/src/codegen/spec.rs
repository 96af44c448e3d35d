//! What the spec files say, parsed and checked. Their form is described in `crates/wire/spec/README.md`.

use std::path::Path;

use super::spec_parser;

/// The first key of Ottla's own APIs: far from what Apache Kafka will come to.
pub const OWN_KEY_MIN: i16 = 20_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    pub min: i16,
    pub max: i16,
}

impl Versions {
    pub fn contains(self, version: i16) -> bool {
        (self.min..=self.max).contains(&version)
    }

    pub fn intersect(self, other: Self) -> Option<Self> {
        let both = Self { min: self.min.max(other.min), max: self.max.min(other.max) };
        (both.min <= both.max).then_some(both)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
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
    Struct(String),
    Array(Box<Self>),
}

#[derive(Clone, Debug)]
pub struct Field {
    /// As Kafka spells it.
    pub name: String,
    pub kind: Type,
    /// Versions that have the field, within those of its struct.
    pub versions: Versions,
    pub nullable: Option<Versions>,
    pub default: Option<String>,
    pub tag: Option<u32>,
    /// A version without the field may drop its value.
    pub ignorable: bool,
    /// Old-style length even in flexible versions.
    pub plain: bool,
}

#[derive(Clone, Debug)]
pub struct Struct {
    pub name: String,
    pub versions: Versions,
    pub fields: Vec<Field>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Request,
    Response,
    Header,
    Record,
    Key,
    Value,
    Data,
}

#[derive(Clone, Debug)]
pub struct Message {
    pub role: Role,
    /// Number of the API or of the record.
    pub key: Option<i16>,
    pub name: String,
    pub versions: Versions,
    pub flexible: Option<Versions>,
    /// The version that is not yet settled.
    pub unstable: Option<i16>,
    /// Whether a borrowed view is generated.
    pub view: bool,
    /// The message's own struct first, then those within it.
    pub structs: Vec<Struct>,
}

#[derive(Clone, Debug)]
pub struct Api {
    pub key: i16,
    pub name: String,
    pub broker: bool,
    pub controller: bool,
    pub forward: bool,
    pub cluster_action: bool,
    /// None for an API that was removed.
    pub request: Option<Message>,
    pub response: Option<Message>,
}

#[derive(Clone, Debug)]
pub struct ErrorSpec {
    pub code: i16,
    pub name: String,
    pub retriable: bool,
    pub text: String,
}

#[derive(Debug)]
pub struct Spec {
    /// In the order of their keys.
    pub apis: Vec<Api>,
    /// Name of the group and its messages.
    pub records: Vec<(String, Vec<Message>)>,
    pub errors: Vec<ErrorSpec>,
}

impl Spec {
    pub fn load(directory: &Path) -> Result<Self, String> {
        let mut apis = Vec::new();
        for (path, text) in spec_parser::files(&directory.join("messages"))? {
            apis.push(spec_parser::api(&path, &text)?);
        }
        apis.sort_by_key(|api| api.key);
        let (of_kafka, own) = apis.split_at(apis.partition_point(|api| api.key < OWN_KEY_MIN));
        let no_gap =
            |apis: &[Api], first: i16| apis.iter().zip(first..).all(|(api, key)| api.key == key);
        if !no_gap(of_kafka, 0) || !no_gap(own, OWN_KEY_MIN) {
            return Err("the keys of the APIs have a gap or repeat".to_owned());
        }
        let mut records = Vec::new();
        for (path, text) in spec_parser::files(&directory.join("records"))? {
            let group = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            records.push((group, spec_parser::records(&path, &text)?));
        }
        let path = directory.join("errors.spec");
        let text = std::fs::read_to_string(&path).map_err(super::at(&path))?;
        Ok(Self { apis, records, errors: spec_parser::errors(&path, &text)? })
    }
}
