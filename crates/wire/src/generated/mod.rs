// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

#![allow(
    clippy::derivable_impls,
    clippy::field_reassign_with_default,
    clippy::large_enum_variant,
    clippy::too_many_lines,
    clippy::useless_conversion,
    reason = "generated code is written for its generator"
)]

mod api_key;
mod error_code;
pub mod messages;
pub mod records;
#[cfg(feature = "schema")]
pub(crate) mod schema;

pub use api_key::ApiKey;
pub(crate) use api_key::{FACTS, KAFKA_COUNT, OWN_KEY_MIN};
pub use error_code::ErrorCode;
