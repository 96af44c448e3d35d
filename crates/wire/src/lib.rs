//! Every API and internal record of the Kafka protocol, as of Apache Kafka 4.4.
//!
//! The messages are generated from `spec/` by `cargo xtask codegen`; the rest is what they are written in. There is one
//! struct per message, with the fields of all versions; the version is an argument of [`Message::decode`] and
//! [`Message::encode`]. Hot requests have a view beside the struct, such as [`messages::FetchRequestView`], which
//! borrows from the frame and allocates nothing.

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
pub use response_writer::{FetchResponseHead, FetchResponseWriter, ProduceResponseWriter};
pub use version_range::VersionRange;
pub use view::{ArrayView, ArrayViewIter, View};
pub use writer::{TaggedFields, Writer};
