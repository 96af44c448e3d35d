//! Short words for the columns of a table.

use crate::{Allowed, DefaultText};

pub(super) const fn text(default: &'static str) -> DefaultText {
    DefaultText::Text(default)
}

pub(super) const fn null() -> DefaultText {
    DefaultText::Null
}

pub(super) const fn required() -> DefaultText {
    DefaultText::Required
}

pub(super) const fn any() -> Allowed {
    Allowed::Any
}

pub(super) const fn at_least(least: i64) -> Allowed {
    Allowed::Whole(least, i64::MAX)
}

pub(super) const fn between(least: i64, most: i64) -> Allowed {
    Allowed::Whole(least, most)
}

pub(super) const fn real(least: f64, most: f64) -> Allowed {
    Allowed::Real(least, most)
}

pub(super) const fn one_of(words: &'static [&'static str]) -> Allowed {
    Allowed::OneOf(words)
}

pub(super) const fn one_of_any_case(words: &'static [&'static str]) -> Allowed {
    Allowed::OneOfAnyCase(words)
}

pub(super) const fn not_empty() -> Allowed {
    Allowed::NotEmpty
}

pub(super) const fn gzip_level() -> Allowed {
    Allowed::GzipLevel
}

pub(super) const fn items() -> Allowed {
    Allowed::Items { of: &[], one_at_least: false }
}

pub(super) const fn items_of(words: &'static [&'static str]) -> Allowed {
    Allowed::Items { of: words, one_at_least: false }
}

pub(super) const fn one_or_more() -> Allowed {
    Allowed::Items { of: &[], one_at_least: true }
}

pub(super) const fn one_or_more_of(words: &'static [&'static str]) -> Allowed {
    Allowed::Items { of: words, one_at_least: true }
}

pub(super) const fn throttled_replicas() -> Allowed {
    Allowed::ThrottledReplicas
}

pub(super) const fn voters() -> Allowed {
    Allowed::Voters
}

pub(super) const fn addresses() -> Allowed {
    Allowed::Addresses
}

pub(super) const fn offset_reset() -> Allowed {
    Allowed::OffsetReset
}

pub(super) const fn http_address() -> Allowed {
    Allowed::HttpAddress
}

pub(super) const fn client_patterns() -> Allowed {
    Allowed::ClientPatterns
}
