// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

#![allow(
    clippy::field_reassign_with_default,
    clippy::large_enum_variant,
    clippy::too_many_lines,
    reason = "generated code is written for its generator"
)]

mod api_key;
mod error_code;
pub mod messages;
pub mod records;

pub use api_key::ApiKey;
pub(crate) use api_key::FACTS;
pub use error_code::ErrorCode;
