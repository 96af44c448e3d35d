//! What only the admin client has, or has with a default of its own.

use super::connection::{
    connections_max_idle, default_api_timeout, metrics_push, receive_buffer, retries,
};
use super::{Allowed, Kind, Setting, Support, row};

pub(super) const ADMIN: &[Setting] = &[
    row(
        "bootstrap.controllers",
        Kind::List,
        Some(""),
        Allowed::Any,
        Support::Refused("this client talks to brokers; give bootstrap.servers"),
        "HOST:PORT of controllers to ask instead of brokers.",
    ),
    connections_max_idle("300000"),
    default_api_timeout(),
    metrics_push("false"),
    receive_buffer("65536"),
    retries(),
];
