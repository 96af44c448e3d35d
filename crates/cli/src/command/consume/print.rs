//! A record as text or JSON.

use std::io::{self, Write};

use model::TopicPartition;
use record::RecordView;
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

use crate::output::to_base64;
use crate::place::show_time;

/// How records are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum RecordForm {
    /// The value, with what --with adds before it
    Text,
    /// A JSON object per line, which 'produce --json' reads
    Json,
}

/// What can be printed before the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Shown {
    Key,
    Headers,
    Timestamp,
    Partition,
    Offset,
    /// In a share group, how often the record was handed out by now
    DeliveryCount,
}

#[derive(Debug)]
pub(super) struct Printer {
    form: RecordForm,
    with: Vec<Shown>,
    separator: Vec<u8>,
}

#[derive(Serialize)]
struct JsonRecord<'a> {
    topic: &'a str,
    partition: i32,
    offset: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery_count: Option<i16>,
    timestamp: Option<i64>,
    key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_base64: Option<String>,
    value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_base64: Option<String>,
    #[serde(skip_serializing_if = "JsonHeaders::is_empty")]
    headers: JsonHeaders<'a>,
}

struct JsonHeaders<'a>(record::Headers<'a>);

#[derive(Serialize)]
#[serde(untagged)]
enum JsonBytes<'a> {
    Text(&'a str),
    Base64 { base64: String },
}

impl Printer {
    pub(super) fn new(form: RecordForm, with: &[Shown], separator: &str) -> Self {
        let separator = separator.replace("\\t", "\t").replace("\\n", "\n").into_bytes();
        Self { form, with: with.to_vec(), separator }
    }

    pub(super) fn print(
        &self,
        partition: &TopicPartition,
        record: &RecordView<'_>,
        delivery_count: Option<i16>,
        out: &mut impl Write,
    ) -> io::Result<()> {
        match self.form {
            RecordForm::Json => {
                serde_json::to_writer(&mut *out, &json(partition, record, delivery_count))
                    .map_err(io::Error::from)?;
            }
            RecordForm::Text => {
                for shown in &self.with {
                    part(*shown, partition, record, delivery_count, out)?;
                    out.write_all(&self.separator)?;
                }
                // What is not there is printed as nothing, as Kafka's tool would print "null": which a value can be too.
                out.write_all(record.value.unwrap_or_default())?;
            }
        }
        out.write_all(b"\n")
    }
}

fn part(
    shown: Shown,
    partition: &TopicPartition,
    record: &RecordView<'_>,
    delivery_count: Option<i16>,
    out: &mut impl Write,
) -> io::Result<()> {
    match shown {
        Shown::DeliveryCount => match delivery_count {
            Some(count) => write!(out, "{count}"),
            None => out.write_all(b"-"),
        },
        Shown::Key => out.write_all(record.key.unwrap_or_default()),
        Shown::Partition => write!(out, "{}", partition.partition),
        Shown::Offset => write!(out, "{}", record.offset),
        Shown::Timestamp => {
            let time = record.timestamp.map_or_else(|| "-".to_owned(), show_time);
            out.write_all(time.as_bytes())
        }
        Shown::Headers => {
            for (index, header) in record.headers.enumerate() {
                if index > 0 {
                    out.write_all(b",")?;
                }
                out.write_all(header.key)?;
                out.write_all(b"=")?;
                out.write_all(header.value.unwrap_or_default())?;
            }
            Ok(())
        }
    }
}

fn json<'a>(
    partition: &'a TopicPartition,
    record: &RecordView<'a>,
    delivery_count: Option<i16>,
) -> JsonRecord<'a> {
    let (key, key_base64) = text_or_base64(record.key);
    let (value, value_base64) = text_or_base64(record.value);
    JsonRecord {
        topic: partition.topic.as_str(),
        partition: partition.partition.to_wire(),
        offset: record.offset.to_wire(),
        delivery_count,
        timestamp: record.timestamp.map(model::Timestamp::as_millis),
        key,
        key_base64,
        value,
        value_base64,
        headers: JsonHeaders(record.headers),
    }
}

fn text_or_base64(bytes: Option<&[u8]>) -> (Option<&str>, Option<String>) {
    match bytes.map(|bytes| (bytes, str::from_utf8(bytes))) {
        None => (None, None),
        Some((_, Ok(text))) => (Some(text), None),
        Some((bytes, Err(_))) => (None, Some(to_base64(bytes))),
    }
}

impl JsonHeaders<'_> {
    const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for JsonHeaders<'_> {
    /// Pairs, because names may repeat.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pairs = serializer.serialize_seq(None)?;
        for header in self.0 {
            let name = String::from_utf8_lossy(header.key);
            let value = header.value.map(|value| match str::from_utf8(value) {
                Ok(text) => JsonBytes::Text(text),
                Err(_) => JsonBytes::Base64 { base64: to_base64(value) },
            });
            pairs.serialize_element(&(name, value))?;
        }
        pairs.end()
    }
}
