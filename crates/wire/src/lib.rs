//! Every API and internal record of the Kafka protocol, as of Apache Kafka 4.4.
//!
//! The messages are generated from `spec/` by `cargo xtask codegen`; the rest is what they are written in. There is one
//! struct per message, with the fields of all versions; the version is an argument of [`Message::decode`] and
//! [`Message::encode`]. Hot requests have a view beside the struct, such as [`messages::FetchRequestView`], which
//! borrows from the frame and allocates nothing.
//!
//! ```
//! use wire::messages::{HeartbeatRequest, HeartbeatRequestView};
//! use wire::{ApiKey, Message, Request, RequestHeader, RequestHeaderView};
//!
//! let request = HeartbeatRequest { group_id: "g".to_owned(), ..HeartbeatRequest::default() };
//! let (key, version) = (HeartbeatRequest::KEY, 4);
//! let header = RequestHeader { api_key: key.code(), api_version: version, ..Default::default() };
//! let mut frame = Vec::new();
//! header.encode(&mut frame, key.request_header_version(version))?;
//! request.encode(&mut frame, version)?;
//!
//! let (header, body) = RequestHeaderView::parse(&frame)?;
//! assert_eq!(header.key(), Some(ApiKey::Heartbeat));
//! let request = HeartbeatRequestView::parse(body, header.api_version)?;
//! assert_eq!(request.group_id, "g");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Answers to Produce and Fetch are written in pieces by [`ProduceResponseWriter`] and [`FetchResponseWriter`], the latter
//! without the records, which go to the socket from where they lie. What stands around the records of internal topics
//! is in [`frame`].
//!
//! Decoding is stricter than Java's in three places: strings must be UTF-8, a tagged field must have the size it
//! declares, and [`Message::decode_exact`] refuses bytes after the message. Unknown tagged fields are dropped.

mod api_key;
mod error;
pub mod frame;
mod generated;
mod header;
pub mod limits;
mod message;
mod reader;
mod response_writer;
#[cfg(feature = "schema")]
pub mod schema;
mod version_range;
mod view;
mod writer;

pub use api_key::Listeners;
pub use error::{DecodeError, EncodeError};
pub use generated::{ApiKey, ErrorCode, messages, records};
pub use header::{RequestHeader, RequestHeaderView, ResponseHeader};
pub use message::{AnyRecord, Element, Message, Record, Request};
pub use reader::Reader;
pub use response_writer::{
    FetchResponseHead, FetchResponseWriter, ProduceResponseWriter, ShareFetchResponseWriter,
};
pub use version_range::VersionRange;
pub use view::{ArrayView, ArrayViewIter, View};
pub use writer::{TaggedFields, Writer};
