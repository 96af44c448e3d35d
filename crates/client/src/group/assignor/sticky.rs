//! As balanced as the subscriptions allow, and with as few moves as that allows (KIP-54).
//!
//! Balanced means: no partition can be handed from a member to one that reads two fewer and wants its topic.
//!
//! 1. Each member keeps what it says to have, if that exists and it wants the topic. Of several that say to have the same
//!    partition the one with the latest generation keeps it; if that is not one, nobody does.
//! 2. What nobody has goes to who reads least of those who want it, the partitions with the fewest takers first.
//! 3. While the balance is not there, one partition moves from who reads most to who reads least.

use std::collections::{BTreeMap, BTreeSet};

use super::shares::Shares;
use super::{Assignment, Place, Subscriber, sorted};

pub(super) fn assign(
    subscribers: &[Subscriber],
    partition_counts: &BTreeMap<String, i32>,
) -> Assignment {
    let members = sorted(subscribers);
    let mut shares = Shares::new(&members, partition_counts);
    let kept = kept(&members, partition_counts);
    for (place, member) in &kept {
        shares.give(*member, place.clone());
    }
    let mut free: Vec<(usize, Place)> = Vec::new();
    for (topic, count) in partition_counts {
        let takers = shares.takers(topic);
        let all = (0..*count).map(|index| (topic.clone(), index));
        free.extend(all.filter(|place| !kept.contains_key(place)).map(|place| (takers, place)));
    }
    free.sort();
    for (_, place) in free {
        if let Some(least) = shares.least_of(&place.0) {
            shares.give(least, place);
        }
    }
    shares.balance();
    let ids = members.iter().map(|member| member.member_id.clone());
    ids.zip(shares.into_places()).collect()
}

/// Which member keeps which partition.
fn kept(
    members: &[&Subscriber],
    partition_counts: &BTreeMap<String, i32>,
) -> BTreeMap<Place, usize> {
    let mut claims: BTreeMap<&Place, Vec<(Option<i32>, usize)>> = BTreeMap::new();
    for (index, member) in members.iter().enumerate() {
        for place in &member.owned {
            let exists = partition_counts.get(&place.0).is_some_and(|count| {
                (0..*count).contains(&place.1) && member.topics.contains(&place.0)
            });
            if exists {
                claims.entry(place).or_default().push((member.generation, index));
            }
        }
    }
    let latest = |(place, claims): (&Place, Vec<(Option<i32>, usize)>)| {
        let generation = claims.iter().map(|(generation, _)| *generation).max()?;
        let mut of_latest = claims.iter().filter(|(it, _)| *it == generation);
        let (_, first) = of_latest.next()?;
        of_latest.next().is_none().then(|| (place.clone(), *first))
    };
    claims.into_iter().filter_map(latest).collect()
}

/// What somebody else still has is given with the next rebalance, when that member has given it up.
pub(super) fn withhold_what_others_have(subscribers: &[Subscriber], assignment: &mut Assignment) {
    let mut owners: BTreeMap<&Place, BTreeSet<&str>> = BTreeMap::new();
    for member in subscribers {
        for place in &member.owned {
            owners.entry(place).or_default().insert(&member.member_id);
        }
    }
    for (member, places) in assignment {
        places.retain(|place| {
            owners.get(place).is_none_or(|owners| owners.iter().all(|owner| owner == member))
        });
    }
}
