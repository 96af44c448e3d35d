use metadata::RecoveryState;
use model::{LeaderEpoch, PartitionEpoch, Uuid};

use super::*;

fn ids(raw: &[i32]) -> Vec<BrokerId> {
    raw.iter().map(|id| BrokerId::from_wire(*id).unwrap()).collect()
}

fn partition(replicas: &[i32], isr: &[i32], leader: i32) -> Partition {
    Partition {
        replicas: ids(replicas),
        directories: vec![Uuid::ONE; replicas.len()],
        isr: ids(isr),
        removing: vec![],
        adding: vec![],
        elr: vec![],
        last_known_elr: vec![],
        leader: BrokerId::from_wire(leader),
        recovery: RecoveryState::Recovered,
        leader_epoch: LeaderEpoch::ZERO,
        partition_epoch: PartitionEpoch::ZERO,
    }
}

fn id(raw: i32) -> BrokerId {
    BrokerId::from_wire(raw).unwrap()
}

#[test]
fn a_fenced_leader_leaves_the_isr_and_the_next_in_sync_replica_leads() {
    let partition = partition(&[1, 2, 3], &[3, 1, 2], 1);
    let alive = |broker: BrokerId| broker != id(1);
    let builder = ChangeBuilder::new(&partition, &alive, Election::Clean, None);
    let change = builder.without(id(1)).build().unwrap();
    assert_eq!(change.isr, Some(ids(&[3, 2])));
    assert_eq!(change.leader, Some(Some(id(2))));
    assert_eq!(change.elr, None);
}

#[test]
fn the_last_in_sync_replica_stays_in_the_isr_without_a_leader() {
    let partition = partition(&[1], &[1], 1);
    let nobody = |_: BrokerId| false;
    let builder = ChangeBuilder::new(&partition, &nobody, Election::Clean, None);
    let change = builder.without(id(1)).build().unwrap();
    assert_eq!((change.isr, change.leader), (None, Some(None)));
}

#[test]
fn a_returning_broker_leads_what_it_alone_has() {
    let partition = partition(&[1], &[1], -1);
    let all = |_: BrokerId| true;
    let change = ChangeBuilder::new(&partition, &all, Election::Clean, None).build().unwrap();
    assert_eq!((change.isr, change.leader), (None, Some(Some(id(1)))));
}

#[test]
fn with_eligible_replicas_the_isr_empties_and_fills_as_kafka_writes_it() {
    let before = partition(&[1], &[1], 1);
    let nobody = |_: BrokerId| false;
    let builder = ChangeBuilder::new(&before, &nobody, Election::Clean, Some(1));
    let change = builder.without(id(1)).build().unwrap();
    assert_eq!(change.isr, Some(vec![]));
    assert_eq!(change.leader, Some(None));
    assert_eq!(change.elr, Some(ids(&[1])));
    assert_eq!(change.last_known_elr, Some(ids(&[1])));

    let stopped = before.merge(&change).unwrap();
    let all = |_: BrokerId| true;
    let change = ChangeBuilder::new(&stopped, &all, Election::Clean, Some(1)).build().unwrap();
    assert_eq!(change.isr, Some(ids(&[1])));
    assert_eq!(change.leader, Some(Some(id(1))));
    assert_eq!(change.elr, Some(vec![]));
    assert_eq!(change.last_known_elr, Some(vec![]));
    assert_eq!(change.recovery, None);
}

#[test]
fn after_an_unclean_stop_the_last_known_leader_comes_back_recovering() {
    let before = partition(&[1], &[1], 1);
    let nobody = |_: BrokerId| false;
    let builder = ChangeBuilder::new(&before, &nobody, Election::Clean, Some(1));
    let stopped = before.merge(&builder.without_unclean(id(1)).build().unwrap()).unwrap();
    assert!(stopped.isr.is_empty() && stopped.elr.is_empty());
    let all = |_: BrokerId| true;
    let change = ChangeBuilder::new(&stopped, &all, Election::Clean, Some(1)).build().unwrap();
    assert_eq!(change.leader, Some(Some(id(1))));
    assert_eq!(change.isr, Some(ids(&[1])));
    assert_eq!(change.recovery, Some(RecoveryState::Recovering));
}

#[test]
fn only_an_unclean_election_takes_a_replica_that_is_not_in_sync() {
    let partition = partition(&[1, 2], &[1], 1);
    let only_two = |broker: BrokerId| broker == id(2);
    let clean = ChangeBuilder::new(&partition, &only_two, Election::Clean, None).build().unwrap();
    assert_eq!(clean.leader, Some(None));
    let unclean = ChangeBuilder::new(&partition, &only_two, Election::Unclean, None);
    let change = unclean.build().unwrap();
    assert_eq!(change.leader, Some(Some(id(2))));
    assert_eq!(change.isr, Some(ids(&[2])));
    assert_eq!(change.recovery, Some(RecoveryState::Recovering));
}

#[test]
fn a_preferred_election_moves_to_the_first_replica_only_if_it_is_in_sync() {
    let all = |_: BrokerId| true;
    let in_sync = partition(&[1, 2], &[2, 1], 2);
    let change = ChangeBuilder::new(&in_sync, &all, Election::Preferred, None).build().unwrap();
    assert_eq!(change.leader, Some(Some(id(1))));
    let behind = partition(&[1, 2], &[2], 2);
    assert_eq!(ChangeBuilder::new(&behind, &all, Election::Preferred, None).build(), None);
}
