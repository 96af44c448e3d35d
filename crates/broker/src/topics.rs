//! Names of topics that mean something to brokers.

use model::TopicName;

/// Kept by the coordinators; clients may not write to them.
const INTERNAL: [&str; 3] = ["__consumer_offsets", "__transaction_state", "__share_group_state"];

/// Whether a topic is the cluster's own.
pub fn is_internal(name: &TopicName) -> bool {
    INTERNAL.contains(&name.as_str())
}
