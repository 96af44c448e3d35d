use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use model::{Instant, SeededRandom};

use crate::limits::MESSAGES_UNDER_WAY_MAX;

/// Who sends and receives: brokers, clients, the controller.
pub type Address = u32;

/// How badly a network behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetworkConfig {
    pub delay_min: Duration,
    /// Messages overtake each other, since each has its own delay.
    pub delay_max: Duration,
    /// One message in so many is lost; 0 for none.
    pub lost_one_in: u64,
    /// One message in so many comes twice.
    pub twice_one_in: u64,
    /// One message in so many is held back for `held`, long after its time.
    pub held_one_in: u64,
    pub held: Duration,
}

impl NetworkConfig {
    /// A network in trouble.
    pub const UNRULY: Self = Self {
        delay_min: Duration::from_millis(1),
        delay_max: Duration::from_millis(40),
        lost_one_in: 30,
        twice_one_in: 50,
        held_one_in: 100,
        held: Duration::from_secs(3),
    };
    /// A good one.
    pub const CALM: Self = Self {
        delay_min: Duration::from_millis(1),
        delay_max: Duration::from_millis(2),
        lost_one_in: 0,
        twice_one_in: 0,
        held_one_in: 0,
        held: Duration::ZERO,
    };
}

/// A message that has arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery<M> {
    pub from: Address,
    pub to: Address,
    pub message: M,
}

/// A network in which messages are late, lost, doubled, out of order, held back, and one direction of a link may be
/// cut. What happens to a message is drawn from the seed when it is sent.
#[derive(Clone, Debug)]
pub struct Network<M> {
    random: SeededRandom,
    config: NetworkConfig,
    under_way: BTreeMap<(Instant, u64), Delivery<M>>,
    sent: u64,
    /// Directions in which nothing gets through.
    cut: BTreeSet<(Address, Address)>,
}

impl<M: Clone> Network<M> {
    pub fn new(random: SeededRandom, config: NetworkConfig) -> Self {
        Self { random, config, under_way: BTreeMap::new(), sent: 0, cut: BTreeSet::new() }
    }

    pub fn set_config(&mut self, config: NetworkConfig) {
        self.config = config;
    }

    pub fn send(&mut self, now: Instant, from: Address, to: Address, message: M) {
        // The draws are the same whether or not the link is cut, so that a cut does not change all that follows.
        let lost = self.random.one_in(self.config.lost_one_in);
        let twice = self.random.one_in(self.config.twice_one_in);
        let held = self.random.one_in(self.config.held_one_in);
        let first = self.delay() + if held { self.config.held } else { Duration::ZERO };
        let second = self.delay();
        if lost || self.cut.contains(&(from, to)) {
            return;
        }
        let delivery = Delivery { from, to, message };
        if twice {
            self.put(now.plus(second), delivery.clone());
        }
        self.put(now.plus(first), delivery);
    }

    /// Stops everything from `from` to `to`; the other direction still works.
    pub fn cut(&mut self, from: Address, to: Address) {
        self.cut.insert((from, to));
    }

    pub fn heal(&mut self) {
        self.cut.clear();
    }

    /// When the next message arrives.
    pub fn next_timeout(&self) -> Option<Instant> {
        self.under_way.first_key_value().map(|((at, _), _)| *at)
    }

    /// The next message that has arrived by now.
    pub fn poll(&mut self, now: Instant) -> Option<Delivery<M>> {
        if self.next_timeout()? > now {
            return None;
        }
        self.under_way.pop_first().map(|(_, delivery)| delivery)
    }

    fn delay(&mut self) -> Duration {
        let spread = self.config.delay_max.saturating_sub(self.config.delay_min);
        let nanos = u64::try_from(spread.as_nanos()).unwrap_or(u64::MAX);
        self.config.delay_min + Duration::from_nanos(self.random.below(nanos.saturating_add(1)))
    }

    fn put(&mut self, at: Instant, delivery: Delivery<M>) {
        self.sent += 1;
        self.under_way.insert((at, self.sent), delivery);
        if self.under_way.len() > MESSAGES_UNDER_WAY_MAX {
            self.under_way.pop_first();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(config: NetworkConfig, prepare: impl Fn(&mut Network<u32>)) -> Vec<u32> {
        let mut network = Network::new(SeededRandom::new(1), config);
        prepare(&mut network);
        for message in 0..1_000 {
            network.send(Instant::from_millis(u64::from(message)), 1, 2, message);
        }
        let end = Instant::from_millis(1_000_000);
        std::iter::from_fn(|| network.poll(end)).map(|delivery| delivery.message).collect()
    }

    #[test]
    fn a_calm_network_loses_nothing_and_an_unruly_one_loses_doubles_and_reorders() {
        let calm = received(NetworkConfig::CALM, |_| ());
        assert_eq!(calm.len(), 1_000);
        let unruly = received(NetworkConfig::UNRULY, |_| ());
        let unique: BTreeSet<u32> = unruly.iter().copied().collect();
        assert!(unique.len() < 1_000, "some are lost");
        assert!(unique.len() < unruly.len(), "some come twice");
        assert!(unruly.windows(2).any(|pair| pair[0] > pair[1]), "some overtake others");
    }

    #[test]
    fn a_cut_link_lets_nothing_through_in_that_direction_only() {
        assert!(received(NetworkConfig::CALM, |network| network.cut(1, 2)).is_empty());
        assert_eq!(received(NetworkConfig::CALM, |network| network.cut(2, 1)).len(), 1_000);
        let healed = received(NetworkConfig::CALM, |network| {
            network.cut(1, 2);
            network.heal();
        });
        assert_eq!(healed.len(), 1_000);
    }

    #[test]
    fn one_seed_gives_one_order() {
        let run = || received(NetworkConfig::UNRULY, |_| ());
        assert_eq!(run(), run());
    }
}
