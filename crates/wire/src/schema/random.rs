use bytes::Bytes;
use model::SeededRandom;

use super::{FieldKind, FieldSchema, MessageSchema, StructSchema, find};
use crate::{DecodeError, Message};

/// Elements of a random array at most; messages nest up to five arrays.
const ARRAY_COUNT_MAX: u64 = 3;

/// Bytes that are a valid message of `version` with random content, in the one form that encoding gives: tags ascend, and
/// tagged fields at their defaults are left out.
pub fn random_bytes(schema: &MessageSchema, version: i16, random: &mut SeededRandom) -> Vec<u8> {
    let flexible = schema.flexible.contains(version);
    let mut filler = Filler { version, flexible, content: Content::Random(random) };
    filler.structure(schema.root)
}

/// The bytes of a message whose fields all have their defaults.
pub fn default_bytes(schema: &MessageSchema, version: i16) -> Vec<u8> {
    let flexible = schema.flexible.contains(version);
    Filler { version, flexible, content: Content::Default }.structure(schema.root)
}

/// A message with random content in the fields of `version`.
pub fn random_message<M: Message>(
    version: i16,
    random: &mut SeededRandom,
) -> Result<M, DecodeError> {
    let unknown = DecodeError::Version { message: M::NAME, versions: M::VERSIONS, version };
    let schema = find(M::NAME).filter(|_| M::VERSIONS.contains(version)).ok_or(unknown)?;
    M::decode_exact(&Bytes::from(random_bytes(schema, version, random)), version)
}

enum Content<'a> {
    Random(&'a mut SeededRandom),
    Default,
}

/// Writes structs from their descriptions; shares nothing with the writer that generated code uses.
struct Filler<'a> {
    version: i16,
    flexible: bool,
    content: Content<'a>,
}

impl Filler<'_> {
    fn structure(&mut self, schema: &StructSchema) -> Vec<u8> {
        let mut out = Vec::new();
        let version = self.version;
        let present = schema.fields.iter().filter(|field| field.versions.contains(version));
        let mut tagged = Vec::new();
        for field in present {
            match field.tag {
                Some(tag) => tagged.push((tag, field)),
                None => out.extend(self.field(field)),
            }
        }
        if self.flexible {
            tagged.sort_by_key(|(tag, _)| *tag);
            let values = tagged.into_iter().map(|(tag, field)| (tag, self.field(field), field));
            let values: Vec<_> = values.collect();
            let set = |value: &(u32, Vec<u8>, &FieldSchema)| value.1 != self.default_of(value.2);
            let set: Vec<_> = values.into_iter().filter(set).collect();
            varint(&mut out, set.len());
            for (tag, value, _) in set {
                varint(&mut out, usize::try_from(tag).unwrap_or(usize::MAX));
                varint(&mut out, value.len());
                out.extend(value);
            }
        }
        out
    }

    fn default_of(&self, field: &FieldSchema) -> Vec<u8> {
        Filler { version: self.version, flexible: self.flexible, content: Content::Default }
            .field(field)
    }

    fn field(&mut self, field: &FieldSchema) -> Vec<u8> {
        let nullable = field.nullable.contains(self.version);
        let null = match &mut self.content {
            Content::Random(random) => nullable && random.one_in(4),
            // Records have no other default, and a version that forbids null gets none.
            Content::Default => {
                let records = matches!(field.kind, FieldKind::Records);
                nullable && (field.default == Some("null") || records)
            }
        };
        let flexible = self.flexible;
        self.flexible = flexible && !field.plain;
        let value = match field.kind {
            FieldKind::String if null => self.length(None, 2),
            FieldKind::Struct(_) if null && field.tag.is_some() => vec![0],
            FieldKind::Struct(_) if null => vec![0xff],
            _ if null => self.length(None, 4),
            FieldKind::Struct(_) if nullable => [vec![1], self.value(field.kind, None)].concat(),
            kind => self.value(kind, field.default),
        };
        self.flexible = flexible;
        value
    }

    fn value(&mut self, kind: FieldKind, default: Option<&str>) -> Vec<u8> {
        let size = match kind {
            FieldKind::Bool => return vec![u8::from(self.number(default) & 1 == 1)],
            FieldKind::Int8 => 1,
            FieldKind::Int16 | FieldKind::Uint16 => 2,
            FieldKind::Int32 | FieldKind::Uint32 => 4,
            FieldKind::Int64 => 8,
            FieldKind::Float64 => return self.float().to_be_bytes().to_vec(),
            FieldKind::Uuid => {
                return [self.number(None), self.number(None)].map(i64::to_be_bytes).concat();
            }
            FieldKind::String => {
                let text = self.text(default);
                return [self.length(Some(text.len()), 2), text.into_bytes()].concat();
            }
            FieldKind::Bytes | FieldKind::Records => {
                let bytes = self.bytes();
                return [self.length(Some(bytes.len()), 4), bytes].concat();
            }
            FieldKind::Struct(schema) => return self.structure(schema),
            FieldKind::Array(element) => {
                let count = self.below(ARRAY_COUNT_MAX + 1);
                let mut out = self.length(Some(count), 4);
                for _ in 0..count {
                    out.extend(self.value(*element, None));
                }
                return out;
            }
        };
        low_bytes(self.number(default), size)
    }

    fn length(&self, length: Option<usize>, width: usize) -> Vec<u8> {
        let mut out = Vec::new();
        if self.flexible {
            varint(&mut out, length.map_or(0, |length| length + 1));
        } else {
            let length = length.and_then(|length| i64::try_from(length).ok()).unwrap_or(-1);
            out = low_bytes(length, width);
        }
        out
    }

    /// Any number, small and extreme ones more often than chance would have it.
    fn number(&mut self, default: Option<&str>) -> i64 {
        match &mut self.content {
            Content::Default => match default {
                Some("true") => 1,
                Some(text) => text.parse().unwrap_or(0),
                None => 0,
            },
            Content::Random(random) => match random.below(5) {
                0 => 0,
                1 => -1,
                2 => i64::try_from(random.below(100)).unwrap_or(0),
                _ => i64::from_be_bytes(random.next_u64().to_be_bytes()),
            },
        }
    }

    fn float(&mut self) -> f64 {
        match &mut self.content {
            Content::Default => 0.0,
            Content::Random(random) => {
                let whole = u32::try_from(random.below(1 << 20)).unwrap_or(0);
                f64::from(whole) / 16.0 - 1000.0
            }
        }
    }

    fn below(&mut self, bound: u64) -> usize {
        match &mut self.content {
            Content::Default => 0,
            Content::Random(random) => usize::try_from(random.below(bound)).unwrap_or(0),
        }
    }

    fn text(&mut self, default: Option<&str>) -> String {
        match &mut self.content {
            Content::Default => default.unwrap_or_default().to_owned(),
            Content::Random(random) => {
                // Long ones take lengths of two bytes.
                let count = if random.one_in(20) { 200 } else { random.below(6) };
                let letters = ['a', 'Z', '0', '-', '.', 'é', '€', '𝄞'];
                let pick = |_| usize::try_from(random.below(8)).ok().and_then(|i| letters.get(i));
                (0..count).filter_map(pick).collect()
            }
        }
    }

    fn bytes(&mut self) -> Vec<u8> {
        match &mut self.content {
            Content::Default => Vec::new(),
            Content::Random(random) => {
                let size = if random.one_in(20) { 300 } else { random.below(8) };
                let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
                random.fill(&mut bytes);
                bytes
            }
        }
    }
}

/// The low `size` bytes, highest first.
fn low_bytes(number: i64, size: usize) -> Vec<u8> {
    number.to_be_bytes().into_iter().skip(8 - size).collect()
}

fn varint(out: &mut Vec<u8>, mut value: usize) {
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or(0);
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}
