//! What `settings` offers, tried from outside.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod alter;
mod declared;
mod describe;
mod layers;
mod page;

use settings::{BrokerConfig, InvalidValue, RawSettings};

fn raw(pairs: &[(&str, &str)]) -> RawSettings {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A single node that was started with these values as well.
fn node(pairs: &[(&str, &str)]) -> Result<BrokerConfig, InvalidValue> {
    let mut all = BrokerConfig::single_node_defaults("/data");
    all.extend(raw(pairs));
    BrokerConfig::new(all)
}
