//! What a line of input says.

use std::borrow::Cow;

use model::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::BadLine;
use crate::output::from_base64;

/// How lines are read.
#[derive(Debug)]
pub(super) struct LineForm<'a> {
    json: bool,
    key_separator: Option<Vec<u8>>,
    null_value: Option<&'a [u8]>,
}

/// Names may repeat.
type HeaderPairs = Vec<(String, Option<Vec<u8>>)>;

/// A record before it has a topic.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ParsedLine<'a> {
    pub(super) key: Option<Cow<'a, [u8]>>,
    pub(super) value: Option<Cow<'a, [u8]>>,
    pub(super) headers: HeaderPairs,
    pub(super) partition: Option<i32>,
    pub(super) timestamp: Option<Timestamp>,
}

/// A line as `consume --format json` prints it. Strings are taken as their text, other values as their JSON. A field that
/// is none of these is a mistake in typing, not something to leave out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonLine<'a> {
    #[serde(borrow, default)]
    key: Option<&'a RawValue>,
    #[serde(default)]
    key_base64: Option<String>,
    #[serde(borrow, default)]
    value: Option<&'a RawValue>,
    #[serde(default)]
    value_base64: Option<String>,
    #[serde(default)]
    headers: Option<JsonHeaders>,
    #[serde(default)]
    partition: Option<i32>,
    #[serde(default)]
    timestamp: Option<i64>,
    // What consume adds.
    #[serde(default, rename = "topic")]
    _topic: Option<String>,
    #[serde(default, rename = "offset")]
    _offset: Option<i64>,
    #[serde(default, rename = "delivery_count")]
    _delivery_count: Option<i16>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum JsonHeaders {
    Pairs(Vec<(String, Option<JsonHeader>)>),
    Names(std::collections::BTreeMap<String, Option<JsonHeader>>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum JsonHeader {
    Text(String),
    Base64 { base64: String },
}

impl<'a> LineForm<'a> {
    /// In the separator `\t` is a tab, for shells that do not let one be typed.
    pub(super) fn new(
        json: bool,
        key_separator: Option<&str>,
        null_value: Option<&'a str>,
    ) -> Self {
        let key_separator = key_separator.map(|text| text.replace("\\t", "\t").into_bytes());
        Self { json, key_separator, null_value: null_value.map(str::as_bytes) }
    }

    pub(super) fn parse<'b>(&self, line: &'b [u8]) -> Result<ParsedLine<'b>, BadLine> {
        if self.json {
            return parse_json(line);
        }
        let (key, value) = match &self.key_separator {
            None => (None, line),
            Some(separator) => {
                let at = find(line, separator).ok_or_else(|| {
                    BadLine::NoSeparator(String::from_utf8_lossy(separator).into())
                })?;
                (Some(Cow::Borrowed(&line[..at])), &line[at + separator.len()..])
            }
        };
        let value = (self.null_value != Some(value)).then_some(Cow::Borrowed(value));
        Ok(ParsedLine { key, value, ..ParsedLine::default() })
    }
}

fn find(line: &[u8], separator: &[u8]) -> Option<usize> {
    match separator {
        [] => None,
        [byte] => line.iter().position(|it| it == byte),
        _ => line.windows(separator.len()).position(|window| window == separator),
    }
}

fn parse_json(line: &[u8]) -> Result<ParsedLine<'_>, BadLine> {
    let parsed: JsonLine<'_> = serde_json::from_slice(line).map_err(BadLine::Json)?;
    if let Some(partition) = parsed.partition.filter(|partition| *partition < 0) {
        return Err(BadLine::Partition(partition));
    }
    Ok(ParsedLine {
        key: bytes(parsed.key, parsed.key_base64.as_deref(), "key_base64")?,
        value: bytes(parsed.value, parsed.value_base64.as_deref(), "value_base64")?,
        headers: headers(parsed.headers)?,
        partition: parsed.partition,
        timestamp: parsed.timestamp.and_then(Timestamp::from_millis),
    })
}

fn bytes<'a>(
    raw: Option<&'a RawValue>,
    base64: Option<&str>,
    name: &'static str,
) -> Result<Option<Cow<'a, [u8]>>, BadLine> {
    if let Some(text) = base64 {
        return from_base64(text).map(|bytes| Some(bytes.into())).ok_or(BadLine::Base64(name));
    }
    let Some(raw) = raw.map(RawValue::get) else { return Ok(None) };
    Ok(match raw.as_bytes().first() {
        Some(b'n') => None,
        Some(b'"') => {
            let text: Cow<'a, str> =
                serde_json::from_str::<String>(raw).map_err(BadLine::Json)?.into();
            Some(text.into_owned().into_bytes().into())
        }
        _ => Some(raw.as_bytes().into()),
    })
}

fn headers(headers: Option<JsonHeaders>) -> Result<HeaderPairs, BadLine> {
    let pairs = match headers {
        None => return Ok(Vec::new()),
        Some(JsonHeaders::Pairs(pairs)) => pairs,
        Some(JsonHeaders::Names(names)) => names.into_iter().collect(),
    };
    let header = |(name, value): (String, Option<JsonHeader>)| {
        let value = match value {
            None => None,
            Some(JsonHeader::Text(text)) => Some(text.into_bytes()),
            Some(JsonHeader::Base64 { base64 }) => {
                Some(from_base64(&base64).ok_or(BadLine::Base64("a header"))?)
            }
        };
        Ok((name, value))
    };
    pairs.into_iter().map(header).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed<'a>(key: Option<&'a str>, value: Option<&'a str>) -> ParsedLine<'a> {
        ParsedLine {
            key: key.map(|key| key.as_bytes().into()),
            value: value.map(|value| value.as_bytes().into()),
            ..ParsedLine::default()
        }
    }

    #[test]
    fn the_first_separator_ends_the_key() {
        let form = LineForm::new(false, Some("::"), Some("NULL"));
        assert_eq!(form.parse(b"k::v::w").unwrap(), parsed(Some("k"), Some("v::w")));
        assert_eq!(form.parse(b"k::NULL").unwrap(), parsed(Some("k"), None));
        assert_eq!(form.parse(b"::").unwrap(), parsed(Some(""), Some("")));
        assert!(matches!(form.parse(b"k:v"), Err(BadLine::NoSeparator(_))));
    }

    #[test]
    fn a_tab_can_be_written_with_a_backslash() {
        let form = LineForm::new(false, Some("\\t"), None);
        assert_eq!(form.parse(b"k\tv").unwrap(), parsed(Some("k"), Some("v")));
    }

    #[test]
    fn without_a_separator_the_line_is_the_value() {
        let form = LineForm::new(false, None, None);
        assert_eq!(form.parse(b"\xff").unwrap().value.unwrap(), &b"\xff"[..]);
    }

    #[test]
    fn json_lines_say_everything_of_a_record() {
        let form = LineForm::new(true, None, None);
        let line = br#"{"key":"k\n","value":{"a": 1},"headers":[["h","x"],["h",null],["b",{"base64":"/w=="}]],"partition":2,"timestamp":5,"topic":"t","offset":9}"#;
        let found = form.parse(line).unwrap();
        assert_eq!(
            (found.key.as_deref(), found.value.as_deref()),
            (Some(&b"k\n"[..]), Some(&br#"{"a": 1}"#[..]))
        );
        let headers = [("h", Some(&b"x"[..])), ("h", None), ("b", Some(&b"\xff"[..]))];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.map(<[u8]>::to_vec)));
        assert_eq!(found.headers, headers);
        assert_eq!((found.partition, found.timestamp), (Some(2), Timestamp::from_millis(5)));
        assert_eq!(
            form.parse(br#"{"key":null,"value_base64":"AA=="}"#).unwrap().value.unwrap(),
            &[0][..]
        );
    }

    #[test]
    fn what_is_no_record_is_refused() {
        let form = LineForm::new(true, None, None);
        for line in [
            &b"x"[..],
            b"[]x",
            b"{\"partition\":-1}",
            b"{\"value_base64\":\"?\"}",
            b"{\"valeu\":\"x\"}",
        ] {
            assert!(form.parse(line).is_err());
        }
    }
}
