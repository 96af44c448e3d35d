use std::collections::{BTreeMap, BTreeSet};

use metadata::MetadataRecord;

use super::*;
use crate::fixture;

fn image(brokers: &[(i32, Option<&str>, bool)]) -> Image {
    let mut image = Image::default();
    for (id, rack, fenced) in brokers {
        let mut broker = fixture::broker(*id, 1);
        broker.rack = rack.map(str::to_owned);
        broker.fenced = *fenced;
        image.replay(&MetadataRecord::RegisterBroker(broker)).unwrap();
    }
    image
}

#[test]
fn replicas_differ_and_leaders_are_spread_evenly() {
    let image = image(&[(1, None, false), (2, None, false), (3, None, false)]);
    for seed in 0..20 {
        let placed = place(&image, &mut SeededRandom::new(seed), 9, 2).unwrap();
        let mut leaders = BTreeMap::new();
        for replicas in &placed {
            assert_eq!(replicas.iter().collect::<BTreeSet<_>>().len(), 2);
            *leaders.entry(replicas[0]).or_insert(0) += 1;
        }
        assert!(leaders.len() == 3 && leaders.values().all(|count| *count == 3), "{leaders:?}");
    }
}

#[test]
fn each_rack_gets_a_replica_before_any_gets_two() {
    let racks = [
        (1, Some("a"), false),
        (2, Some("a"), false),
        (3, Some("b"), false),
        (4, Some("b"), false),
    ];
    let placed = place(&image(&racks), &mut SeededRandom::new(3), 8, 2).unwrap();
    for replicas in placed {
        let of_a = replicas.iter().filter(|id| id.to_wire() <= 2).count();
        assert_eq!(of_a, 1, "{replicas:?}");
    }
}

#[test]
fn a_fenced_broker_never_leads_but_may_follow() {
    let brokers = [(1, None, true), (2, None, false), (3, Some("r"), true)];
    for seed in 0..20 {
        let placed = place(&image(&brokers), &mut SeededRandom::new(seed), 4, 3).unwrap();
        assert!(placed.iter().all(|replicas| replicas[0].to_wire() == 2 && replicas.len() == 3));
    }
}

#[test]
fn too_many_replicas_or_no_live_broker_is_refused() {
    let one = image(&[(1, None, false)]);
    let random = &mut SeededRandom::new(0);
    assert!(matches!(place(&one, random, 1, 2), Err(Refusal::InvalidReplicationFactor(_))));
    assert!(matches!(place(&one, random, 1, 0), Err(Refusal::InvalidReplicationFactor(_))));
    let fenced = image(&[(1, None, true)]);
    assert!(matches!(place(&fenced, random, 1, 1), Err(Refusal::InvalidReplicationFactor(_))));
}
