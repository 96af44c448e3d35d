//! Requests, responses and internal records, in every version.

use std::fmt::Debug;

use bytes::Bytes;
use model::SeededRandom;
use wire::messages as m;
use wire::schema::{MESSAGES, MessageSchema, find, random_bytes};
use wire::{ApiKey, DecodeError, Message, RequestHeader, RequestHeaderView};

use crate::mutate::size;
use crate::seeds::{choice, prefix};
use crate::target::Verdict;

/// Which message, which version, and its bytes.
pub(super) fn seed(random: &mut SeededRandom) -> Vec<u8> {
    let index = size(random.below(MESSAGES.len() as u64));
    MESSAGES.get(index).map_or_else(Vec::new, |schema| encoded(index, schema, random))
}

fn encoded(index: usize, schema: &MessageSchema, random: &mut SeededRandom) -> Vec<u8> {
    let count = schema.versions.iter().count();
    let step = size(random.below(count as u64));
    let version = schema.versions.iter().nth(step).unwrap_or(schema.versions.max);
    [&prefix(index)[..], &prefix(step), &random_bytes(schema, version, random)].concat()
}

fn version_of<'a>(schema: &MessageSchema, input: &'a [u8]) -> Option<(i16, &'a [u8])> {
    let (step, body) = choice(input, schema.versions.iter().count())?;
    Some((schema.versions.iter().nth(step)?, body))
}

pub(super) fn recode(input: &[u8]) -> Verdict {
    let parsed = choice(input, MESSAGES.len());
    let parsed = parsed.and_then(|(index, rest)| Some((MESSAGES.get(index)?, rest)));
    let Some((schema, rest)) = parsed else { return Verdict::Refused };
    let Some((version, body)) = version_of(schema, rest) else { return Verdict::Refused };
    let what = format_args!("{} v{version}", schema.name);
    match schema.recode(&Bytes::copy_from_slice(body), version) {
        Ok(bytes) => {
            let again = schema.recode(&Bytes::from(bytes.clone()), version);
            assert!(again == Ok(bytes), "{what}: its own encoding decodes as something else");
            Verdict::Taken
        }
        Err(wire::schema::RecodeError::Decode(_)) => Verdict::Refused,
        Err(wire::schema::RecodeError::Encode(error)) => {
            unreachable!("{what}: was decoded and cannot be encoded: {error}")
        }
    }
}

/// Reads bytes in a version as a view and as the message itself.
type ReadBoth = fn(&[u8], i16) -> Verdict;

/// The hot requests that have a view.
const VIEWS: [(&str, ReadBoth); 8] = [
    ("ProduceRequest", |data, version| {
        same(
            data,
            version,
            m::ProduceRequestView::parse(data, version).map(m::ProduceRequest::from),
        )
    }),
    ("FetchRequest", |data, version| {
        same(data, version, m::FetchRequestView::parse(data, version).map(m::FetchRequest::from))
    }),
    ("MetadataRequest", |data, version| {
        same(
            data,
            version,
            m::MetadataRequestView::parse(data, version).map(m::MetadataRequest::from),
        )
    }),
    ("OffsetCommitRequest", |data, version| {
        let view = m::OffsetCommitRequestView::parse(data, version);
        same(data, version, view.map(m::OffsetCommitRequest::from))
    }),
    ("OffsetFetchRequest", |data, version| {
        let view = m::OffsetFetchRequestView::parse(data, version);
        same(data, version, view.map(m::OffsetFetchRequest::from))
    }),
    ("HeartbeatRequest", |data, version| {
        let view = m::HeartbeatRequestView::parse(data, version);
        same(data, version, view.map(m::HeartbeatRequest::from))
    }),
    ("ConsumerGroupHeartbeatRequest", |data, version| {
        let view = m::ConsumerGroupHeartbeatRequestView::parse(data, version);
        same(data, version, view.map(m::ConsumerGroupHeartbeatRequest::from))
    }),
    ("ListOffsetsRequest", |data, version| {
        let view = m::ListOffsetsRequestView::parse(data, version);
        same(data, version, view.map(m::ListOffsetsRequest::from))
    }),
];

/// Floats of no number differ from themselves, but no request with a view has any.
fn same<M: Message + Debug>(data: &[u8], version: i16, view: Result<M, DecodeError>) -> Verdict {
    let owned = M::decode_exact(&Bytes::copy_from_slice(data), version);
    assert_eq!(view, owned, "{} v{version}: view and message differ", M::NAME);
    Verdict::of(&owned)
}

pub(super) fn view_seed(random: &mut SeededRandom) -> Vec<u8> {
    let index = size(random.below(VIEWS.len() as u64));
    let schema = VIEWS.get(index).and_then(|(name, _)| find(name));
    schema.map_or_else(Vec::new, |schema| encoded(index, schema, random))
}

pub(super) fn view_equals_owned(input: &[u8]) -> Verdict {
    let parsed = choice(input, VIEWS.len()).and_then(|(index, rest)| {
        let (name, check) = VIEWS.get(index)?;
        let (version, body) = version_of(find(name)?, rest)?;
        Some(check(body, version))
    });
    parsed.unwrap_or(Verdict::Refused)
}

/// A frame: header and some body.
pub(super) fn header_seed(random: &mut SeededRandom) -> Vec<u8> {
    let mut frame = Vec::new();
    let keys: Vec<ApiKey> = (0..100).filter_map(ApiKey::from_code).collect();
    let Some(key) = keys.get(size(random.below(keys.len() as u64))).copied() else { return frame };
    let version = i16::try_from(random.below(20)).unwrap_or(0);
    let header = RequestHeader {
        api_key: key.code(),
        api_version: version,
        correlation_id: 7,
        client_id: (!random.one_in(4)).then(|| "client".repeat(size(random.below(5)))),
    };
    // A header of so short an id is always encoded.
    let _ = header.encode(&mut frame, key.request_header_version(version));
    frame.extend(b"body");
    frame
}

pub(super) fn header(input: &[u8]) -> Verdict {
    let parsed = RequestHeaderView::parse(input);
    if let Ok((header, body)) = &parsed
        && let Some(key) = header.key()
    {
        assert!(input.ends_with(body), "the body is not the end of the frame");
        let version = key.request_header_version(header.api_version);
        let mut bytes = Bytes::copy_from_slice(input);
        bytes.truncate(input.len() - body.len());
        let owned = RequestHeader::decode_exact(&bytes, version);
        assert!(owned.is_ok(), "the view took a header that the message refuses: {owned:?}");
        if let Ok(owned) = owned {
            assert_eq!(owned.client_id.as_deref(), header.client_id, "client id");
            assert_eq!(owned.correlation_id, header.correlation_id, "correlation id");
        }
    }
    Verdict::of(&parsed)
}
