//! Every setting of Apache Kafka 4.4's producer, consumer and admin client, and what becomes of it here.

mod admin;
mod connection;
mod consumer;
mod producer;
mod security;
mod streams;

use super::{Allowed, Kind, Role, Setting, Support};

pub(super) use streams::STREAMS;

/// What nothing but a Java virtual machine can load or use.
const JAVA: Support =
    Support::Refused("it names Java classes, or is about the Java virtual machine");

const MOST: i64 = i64::MAX;
const INT: i64 = i32::MAX as i64;

/// From 0, 32 bits wide.
const COUNT: Allowed = Allowed::Whole(0, INT);
/// From 0, 64 bits wide.
const LONG_COUNT: Allowed = Allowed::Whole(0, MOST);

const fn row(
    name: &'static str,
    kind: Kind,
    default: Option<&'static str>,
    allowed: Allowed,
    support: Support,
    text: &'static str,
) -> Setting {
    Setting { name, kind, default, allowed, support, text }
}

/// A whole number that is honoured.
const fn whole(
    name: &'static str,
    default: &'static str,
    allowed: Allowed,
    text: &'static str,
) -> Setting {
    row(name, Kind::Whole, Some(default), allowed, Support::Honoured, text)
}

/// A switch that is honoured.
const fn switch(name: &'static str, default: &'static str, text: &'static str) -> Setting {
    row(name, Kind::Boolean, Some(default), Allowed::Any, Support::Honoured, text)
}

/// A text that is honoured.
const fn text(
    name: &'static str,
    default: Option<&'static str>,
    allowed: Allowed,
    text: &'static str,
) -> Setting {
    row(name, Kind::Text, default, allowed, Support::Honoured, text)
}

/// All settings that a client in this role may be given.
pub(super) fn settings(role: Role) -> impl Iterator<Item = &'static Setting> {
    let own = match role {
        Role::Producer => producer::PRODUCER,
        Role::Consumer => consumer::CONSUMER,
        Role::Admin => admin::ADMIN,
    };
    own.iter().chain(connection::CONNECTION).chain(security::SECURITY)
}
