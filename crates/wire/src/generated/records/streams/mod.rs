// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

pub mod subscription_info_data;

pub use subscription_info_data::SubscriptionInfoData;
