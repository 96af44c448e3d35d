use std::time::Duration;

use bytes::Bytes;
use model::{BrokerId, Instant, LeaderEpoch, Offset, SeededRandom, Uuid};
use raft::{
    Batch, ControlRecord, Effect, Input, LogView, QuorumState, Raft, RaftSettings, Recovered,
    ReplicaKey, Voter, VoterSet,
};

const NOW: Instant = Instant::from_millis(5);

fn key() -> ReplicaKey {
    let directory = Uuid::from_bytes([1; 16]);
    ReplicaKey { id: BrokerId::from_wire(1).unwrap(), directory }
}

fn epoch(raw: i32) -> LeaderEpoch {
    LeaderEpoch::from_wire(raw).unwrap()
}

fn offset(raw: i64) -> Offset {
    Offset::from_wire(raw).unwrap()
}

fn start(state: QuorumState, log: LogView, voters_in_log: bool) -> (Raft, Vec<Effect>) {
    let voter = Voter { key: key(), endpoints: vec![], kraft_version_min: 0, kraft_version_max: 1 };
    let settings = RaftSettings {
        own: key(),
        election_timeout: Duration::from_secs(1),
        fetch_timeout: Duration::from_secs(2),
    };
    let voters = VoterSet::new([voter]);
    let recovered = Recovered { state, log, voters, voters_in_log };
    let mut raft = Raft::new(settings, SeededRandom::new(1), recovered, NOW);
    let mut effects = Vec::new();
    raft.step(NOW, Input::Tick, &mut effects);
    (raft, effects)
}

fn append(raft: &mut Raft, count: u32) -> Offset {
    let (epoch, base) = raft.leading().unwrap();
    let end = base.plus(count).unwrap();
    let batch = Batch { base, end, epoch, bytes: Bytes::new() };
    let mut effects = Vec::new();
    raft.step(NOW, Input::Append(batch.clone()), &mut effects);
    assert_eq!(effects, [Effect::Write(batch)]);
    end
}

fn sync(raft: &mut Raft, end: Offset) -> Vec<Effect> {
    let mut effects = Vec::new();
    raft.step(NOW, Input::Synced(end), &mut effects);
    effects
}

#[test]
fn a_single_voter_elects_itself_at_once_and_saves_before_it_leads() {
    let (raft, effects) = start(QuorumState::default(), LogView::default(), false);
    let own = key().id;
    let candidate = QuorumState { epoch: epoch(1), leader: None, voted: Some(key()) };
    let leader = QuorumState { leader: Some(own), ..candidate };
    assert_eq!(effects[0], Effect::Save(candidate));
    assert_eq!(effects[2], Effect::Save(leader));
    assert_eq!(effects[3], Effect::Leader { leader: Some(own), epoch: epoch(1) });
    let Effect::WriteControl { epoch: written, records } = &effects[4] else {
        panic!("{effects:?}");
    };
    assert_eq!(*written, epoch(1));
    assert!(matches!(
        &records[..],
        [
            ControlRecord::LeaderChange { .. },
            ControlRecord::KRaftVersion(1),
            ControlRecord::Voters(_),
        ]
    ));
    assert_eq!(effects.len(), 5);
    assert_eq!(raft.leading(), Some((epoch(1), Offset::ZERO)));
    assert_eq!(raft.next_timeout(), None);
}

#[test]
fn nothing_is_committed_before_it_is_on_disk() {
    let (mut raft, _) = start(QuorumState::default(), LogView::default(), false);
    let first = append(&mut raft, 3);
    let second = append(&mut raft, 2);
    assert_eq!(raft.high_watermark(), None);
    assert_eq!(sync(&mut raft, first), [Effect::HighWatermark(first)]);
    assert_eq!(sync(&mut raft, second), [Effect::HighWatermark(second)]);
    assert_eq!(sync(&mut raft, second), []);
}

#[test]
fn each_start_has_a_higher_epoch_whatever_was_saved() {
    let mut log = LogView::default();
    log.append(epoch(7), offset(9));
    let own = key().id;
    for state in [
        QuorumState { epoch: epoch(7), leader: Some(own), voted: None },
        QuorumState { epoch: epoch(7), leader: None, voted: Some(key()) },
        // The file was lost or is older than the log.
        QuorumState::default(),
    ] {
        let (raft, effects) = start(state, log.clone(), true);
        assert_eq!(raft.leading(), Some((epoch(8), offset(9))), "{state:?}");
        let control = effects.iter().find_map(|effect| match effect {
            Effect::WriteControl { records, .. } => Some(records.len()),
            _ => None,
        });
        assert_eq!(control, Some(1), "the voters are in the log already");
    }
}

#[test]
fn a_stopped_leader_leads_no_more() {
    let (mut raft, _) = start(QuorumState::default(), LogView::default(), false);
    let mut effects = Vec::new();
    raft.step(NOW, Input::Stop, &mut effects);
    assert_eq!(effects, [Effect::Leader { leader: None, epoch: epoch(1) }]);
    assert_eq!(raft.leading(), None);
    raft.step(NOW, Input::Tick, &mut effects);
    assert_eq!(raft.leading(), None);
}
