use std::collections::BTreeMap;
use std::time::Duration;

use metadata::Image;
use model::{BrokerEpoch, BrokerId, Instant};

/// What dies with the active controller: when each broker was last heard of.
#[derive(Clone, Debug, Default)]
pub struct Soft {
    last_contact: BTreeMap<BrokerId, (BrokerEpoch, Instant)>,
}

impl Soft {
    /// Begins to lead: every unfenced broker has one whole session from now, but for `restarted`, the broker in the
    /// controller's own process: its life of before is over for certain.
    pub fn start(image: &Image, now: Instant, restarted: Option<BrokerId>) -> Self {
        let unfenced =
            image.brokers().filter(|broker| !broker.fenced && Some(broker.id) != restarted);
        let last_contact = unfenced.map(|broker| (broker.id, (broker.epoch, now))).collect();
        Self { last_contact }
    }

    pub(crate) fn touch(&mut self, id: BrokerId, epoch: BrokerEpoch, now: Instant) {
        self.last_contact.insert(id, (epoch, now));
    }

    pub(crate) fn forget(&mut self, id: BrokerId) {
        self.last_contact.remove(&id);
    }

    /// Whether this life of the broker was heard of less than `session` ago.
    pub(crate) fn has_session(
        &self,
        id: BrokerId,
        epoch: BrokerEpoch,
        now: Instant,
        session: Duration,
    ) -> bool {
        self.last_contact
            .get(&id)
            .is_some_and(|(known, last)| *known == epoch && now.since(*last) < session)
    }

    /// Brokers that were not heard of for a whole `session`.
    pub(crate) fn silent(&self, now: Instant, session: Duration) -> Vec<BrokerId> {
        let silent = self.last_contact.iter().filter(|(_, (_, last))| now.since(*last) >= session);
        silent.map(|(id, _)| *id).collect()
    }

    /// When the next session ends if nothing is heard until then.
    pub fn next_timeout(&self, session: Duration) -> Option<Instant> {
        self.last_contact.values().map(|(_, last)| last.plus(session)).min()
    }
}
