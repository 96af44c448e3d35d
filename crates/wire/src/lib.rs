//! Every API and internal record of the Kafka protocol, as of Apache Kafka 4.4.
//!
//! The messages are generated from `spec/` by `cargo xtask codegen`; the rest is what they are written in.

mod api_key;
mod error;
mod generated;
mod header;
pub mod limits;
mod message;
mod reader;
mod version_range;
mod writer;

pub use api_key::Listeners;
pub use error::{DecodeError, EncodeError};
pub use generated::{ApiKey, ErrorCode, messages, records};
pub use header::{RequestHeader, RequestHeaderView, ResponseHeader};
pub use message::{Element, Message, Record, Request};
pub use reader::Reader;
pub use version_range::VersionRange;
pub use writer::{TaggedFields, Writer};
