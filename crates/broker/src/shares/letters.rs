//! Records that are given up (KIP-1191).

use std::sync::Arc;

use share::DeadLetter;

use super::SharedPartition;
use crate::Broker;

/// Without a dead-letter topic there is nothing to write, and the records are done with.
pub(super) fn send(broker: &Arc<Broker>, shared: &Arc<SharedPartition>, letter: DeadLetter) {
    shared.dead_letters_done(broker, letter);
}
