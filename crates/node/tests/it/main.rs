//! A node's settings and its life, tried from outside.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod configuration;
mod embedded;
mod life;
mod live_settings;
mod metrics;
mod protocol;
