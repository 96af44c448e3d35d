// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

pub mod request_header;
pub mod response_header;

pub use request_header::RequestHeader;
pub use response_header::ResponseHeader;
