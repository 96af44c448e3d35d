use std::collections::BTreeMap;

use metadata::Image;
use model::{BrokerId, SeededRandom};

use crate::refusal::Refusal;

/// Brokers of one rack, each list with its own starting point.
struct Rack {
    unfenced: Vec<BrokerId>,
    fenced: Vec<BrokerId>,
    start: usize,
}

impl Rack {
    /// The brokers in the order in which the `turn`-th visit offers them: unfenced ones first, both lists turned so
    /// that each broker comes first equally often.
    fn offered(&self, turn: usize) -> impl Iterator<Item = BrokerId> + '_ {
        let turned = move |brokers: &[BrokerId]| -> Vec<BrokerId> {
            let count = brokers.len().max(1);
            brokers
                .iter()
                .cycle()
                .skip((self.start + turn) % count)
                .take(brokers.len())
                .copied()
                .collect()
        };
        turned(&self.unfenced).into_iter().chain(turned(&self.fenced))
    }
}

/// Chooses brokers for `partition_count` new partitions: striped over racks and, in each, over brokers, from random
/// starting points; unfenced brokers first, and the leader always unfenced. Partition `i` begins one broker after
/// partition `i - 1`, so that leaders and followers spread evenly.
pub(crate) fn place(
    image: &Image,
    random: &mut SeededRandom,
    partition_count: usize,
    replication_factor: i16,
) -> Result<Vec<Vec<BrokerId>>, Refusal> {
    let refuse = |why: String| {
        let times = format!("unable to replicate the partition {replication_factor} time(s): ");
        Refusal::InvalidReplicationFactor(times + &why)
    };
    let wanted = usize::try_from(replication_factor).unwrap_or(0);
    if wanted == 0 {
        return Err(refuse("the replication factor must be positive".to_owned()));
    }
    let brokers: Vec<_> = image.brokers().collect();
    if !brokers.iter().any(|broker| broker.is_active()) {
        return Err(refuse(
            "all brokers are currently fenced or in controlled shutdown".to_owned(),
        ));
    }
    if wanted > brokers.len() {
        let registered = brokers.len();
        return Err(refuse(format!("only {registered} broker(s) are registered")));
    }
    let mut racks: BTreeMap<Option<&str>, Rack> = BTreeMap::new();
    for broker in brokers {
        let rack = racks.entry(broker.rack.as_deref()).or_insert_with(|| Rack {
            unfenced: Vec::new(),
            fenced: Vec::new(),
            start: 0,
        });
        if broker.is_active() { &mut rack.unfenced } else { &mut rack.fenced }.push(broker.id);
    }
    let mut racks: Vec<Rack> = racks.into_values().collect();
    for rack in &mut racks {
        let count = (rack.unfenced.len() + rack.fenced.len()) as u64;
        rack.start = usize::try_from(random.below(count)).unwrap_or(0);
    }
    let first_rack = usize::try_from(random.below(racks.len() as u64)).unwrap_or(0);
    Ok((0..partition_count)
        .map(|index| place_one(&racks, first_rack + index, index, wanted))
        .collect())
}

/// The replicas of one partition: one from each rack in turn, until there are enough.
fn place_one(racks: &[Rack], first_rack: usize, index: usize, wanted: usize) -> Vec<BrokerId> {
    let turn = index / racks.len().max(1);
    let mut offers: Vec<(bool, Vec<BrokerId>)> = racks
        .iter()
        .cycle()
        .skip(first_rack % racks.len().max(1))
        .take(racks.len())
        .map(|rack| (!rack.unfenced.is_empty(), rack.offered(turn).collect()))
        .collect();
    // Racks without a live broker come last: the first replica leads.
    offers.sort_by_key(|(has_unfenced, _)| !has_unfenced);
    let deepest = offers.iter().map(|(_, offer)| offer.len()).max().unwrap_or(0);
    let by_depth = (0..deepest)
        .flat_map(|depth| offers.iter().filter_map(move |(_, offer)| offer.get(depth).copied()));
    by_depth.take(wanted).collect()
}

#[cfg(test)]
mod tests;
