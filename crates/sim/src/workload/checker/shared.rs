use std::collections::BTreeMap;
use std::time::Duration;

use model::Instant;

use super::Place;
use crate::failure::Broken;

/// Names a member of the share group.
pub type MemberNumber = u32;

/// What the share group was set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareRules {
    /// How long a member holds what it was given.
    pub lock: Duration,
    /// A record that was given so often may be given up.
    pub delivery_count_limit: u16,
}

/// A record that came to a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub member: MemberNumber,
    /// The broker's life in which it was asked for.
    pub life: u64,
    /// When it was asked for: the lock did not begin before.
    pub asked_at: Instant,
    pub at: Instant,
    /// The first is 1.
    pub count: u16,
}

/// What members of a share group know of one record.
#[derive(Debug, Default)]
struct Seen {
    /// Who holds it, and until when for sure.
    holder: Option<(MemberNumber, Instant)>,
    most_deliveries: u16,
    asked: bool,
    accepted_at: Option<Instant>,
}

#[derive(Debug)]
pub(super) struct Shared {
    rules: ShareRules,
    life: u64,
    seen: BTreeMap<Place, Seen>,
}

impl Shared {
    pub(super) const fn new(rules: ShareRules) -> Self {
        Self { rules, life: 0, seen: BTreeMap::new() }
    }

    pub(super) fn delivered(&mut self, place: Place, delivery: Delivery) -> Result<(), Broken> {
        let Delivery { member, life, asked_at, at, count } = delivery;
        let seen = self.seen.entry(place).or_default();
        seen.most_deliveries = seen.most_deliveries.max(count);
        // An answer may be slow: only who asks after the acceptance is sure not to be given the record.
        if seen.accepted_at.is_some_and(|accepted| accepted < asked_at) {
            let text = format!("{place:?} was accepted and is given to member {member}");
            return Err(Broken::correctness("the_accepted_is_not_given_again", text));
        }
        // The broker that has given it, or the one that gave it to the other, is dead.
        if life != self.life {
            return Ok(());
        }
        if let Some((holder, until)) = seen.holder
            && at < until
        {
            let text = format!("{place:?}, which member {holder} holds, is given to {member}");
            return Err(Broken::correctness("shared_with_one_at_a_time", text));
        }
        seen.holder = Some((member, asked_at.plus(self.rules.lock)));
        Ok(())
    }

    pub(super) fn accept_asked(&mut self, place: Place) {
        self.seen.entry(place).or_default().asked = true;
    }

    pub(super) fn accepted(
        &mut self,
        place: Place,
        member: MemberNumber,
        at: Instant,
    ) -> Result<(), Broken> {
        let seen = self.seen.entry(place).or_default();
        let held_by = |(holder, until): (MemberNumber, Instant)| holder == member && at < until;
        let holds = seen.holder.is_some_and(held_by);
        // Who does not hold it any more may be told that it is decided: somebody else has done so.
        if seen.accepted_at.is_some() && holds {
            let text = format!("{place:?} is accepted a second time, by member {member}");
            return Err(Broken::correctness("accepted_once", text));
        }
        seen.accepted_at.get_or_insert(at);
        seen.holder = None;
        Ok(())
    }

    pub(super) fn released(&mut self, place: Place, member: MemberNumber) {
        if let Some(seen) = self.seen.get_mut(&place)
            && seen.holder.is_some_and(|(holder, _)| holder == member)
        {
            seen.holder = None;
        }
    }

    pub(super) fn member_left(&mut self, member: MemberNumber) {
        for seen in self.seen.values_mut() {
            seen.holder = seen.holder.filter(|(holder, _)| *holder != member);
        }
    }

    pub(super) fn broker_dies(&mut self) -> u64 {
        self.seen.values_mut().for_each(|seen| seen.holder = None);
        self.life += 1;
        self.life
    }

    pub(super) const fn life(&self) -> u64 {
        self.life
    }

    /// Nothing will come of it any more.
    pub(super) fn is_settled(&self, place: Place) -> bool {
        self.seen.get(&place).is_some_and(|seen| {
            let given_up = seen.most_deliveries >= self.rules.delivery_count_limit;
            seen.asked || seen.accepted_at.is_some() || given_up
        })
    }

    pub(super) fn finish(&self, place: Place) -> Result<(), Broken> {
        if self.is_settled(place) {
            return Ok(());
        }
        let (name, what) = match self.seen.get(&place) {
            Some(seen) if seen.most_deliveries > 0 => ("each_shared_record_is_accepted", "accepts"),
            _ => ("each_shared_record_is_given", "was given"),
        };
        Err(Broken::correctness(name, format!("no member {what} the record at {place:?}")))
    }
}
