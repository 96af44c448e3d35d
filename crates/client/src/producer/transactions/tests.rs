//! Requests and steps of one producer, with coordinators that answer as they are told.

use model::{PartitionIndex, ProducerEpoch, ProducerId, TopicName};
use wire::ErrorCode;

use super::*;
use crate::Refused;

const VERSION_1: Abilities = Abilities { version_2: false, bumps_epochs: true };
const VERSION_2: Abilities = Abilities { version_2: true, bumps_epochs: true };

struct Scene {
    machine: Transactions,
    ground: Ground,
    now: Instant,
}

fn identity(epoch: i16) -> Identity {
    (ProducerId::from_wire(7).unwrap(), ProducerEpoch::from_wire(epoch).unwrap())
}

fn partition(index: i32) -> TopicPartition {
    let partition = PartitionIndex::from_wire(index).unwrap();
    TopicPartition { topic: TopicName::new("t").unwrap(), partition }
}

fn refusal(code: ErrorCode) -> ClientError {
    Refused::check(code.code(), || "t".to_owned(), None).unwrap_err().into()
}

fn offsets() -> BTreeMap<TopicPartition, Offset> {
    BTreeMap::from([(partition(0), Offset::from_wire(5).unwrap())])
}

impl Scene {
    /// A producer that has its id, with epoch 0.
    fn new(abilities: Abilities) -> Self {
        let machine = Transactions::new("id".to_owned(), BackoffRange::RETRY);
        let ground = Ground { is_idle: true, ..Ground::default() };
        let mut scene = Self { machine, ground, now: Instant::now() };
        assert_eq!(scene.ask(), Ask::Identity { identity: None });
        assert!(scene.machine.begin().is_none());
        scene.grant(
            Ask::Identity { identity: None },
            Answer::Identity { identity: identity(0), abilities },
        );
        assert!(matches!(scene.step(), Some(Step::Restart(it)) if it == identity(0)));
        scene.nothing();
        scene
    }

    fn begun(abilities: Abilities) -> Self {
        let mut scene = Self::new(abilities);
        scene.begin();
        scene
    }

    fn begin(&mut self) {
        self.machine.begin().unwrap().unwrap();
    }

    fn step(&mut self) -> Option<Step> {
        self.machine.poll(self.now, &self.ground)
    }

    fn nothing(&mut self) {
        let step = self.step();
        assert!(step.is_none(), "{step:?}");
    }

    fn ask(&mut self) -> Ask {
        match self.step() {
            Some(Step::Ask(ask)) => ask,
            other => panic!("{other:?}"),
        }
    }

    fn grant(&mut self, ask: Ask, answer: Answer) {
        self.machine.answered(self.now, ask, Ok(answer));
    }

    fn refuse(&mut self, ask: Ask, code: ErrorCode) {
        self.machine.answered(self.now, ask, Err(refusal(code)));
    }

    /// A batch for a partition that is not in the transaction waits.
    fn append(&mut self, index: i32) {
        self.ground.outside.push(partition(index));
        self.ground.is_waiting = true;
        self.ground.is_idle = false;
    }

    /// Every partition is let in, as the step says.
    fn admitted(&mut self) {
        match self.step() {
            Some(Step::Admit(partitions)) => assert_eq!(partitions, self.ground.outside),
            other => panic!("{other:?}"),
        }
        self.ground.outside.clear();
    }

    /// Everything was delivered.
    fn deliver(&mut self) {
        self.ground = Ground { is_idle: true, ..Ground::default() };
    }

    fn fail(&mut self, code: ErrorCode) {
        self.machine.fault(Fault { error: refusal(code), leaves_gap: true });
    }

    /// Batches that wait are dropped, as the step says.
    fn dropped(&mut self) {
        assert!(matches!(self.step(), Some(Step::Drop(_))));
        self.ground = Ground { is_idle: true, is_dropping: true, ..Ground::default() };
    }

    fn restarted(&mut self, expected: Identity) {
        assert!(matches!(self.step(), Some(Step::Restart(it)) if it == expected));
        self.ground = Ground { is_idle: true, ..Ground::default() };
    }

    fn is_committed(&self) -> bool {
        self.machine.outcome().unwrap().unwrap().is_committed
    }
}

#[test]
fn in_version_1_a_partition_joins_by_a_request_and_the_epoch_stays() {
    let mut scene = Scene::begun(VERSION_1);
    scene.nothing();
    scene.append(0);
    let ask = scene.ask();
    let partitions = vec![partition(0)];
    assert_eq!(ask, Ask::AddPartitions { identity: identity(0), partitions });
    scene.nothing();
    scene.grant(ask, Answer::Joined);
    scene.admitted();
    scene.machine.end(true);
    scene.nothing();
    scene.deliver();
    let ask = scene.ask();
    assert_eq!(ask, Ask::End { identity: identity(0), commits: true });
    assert!(scene.machine.outcome().is_none());
    scene.grant(ask, Answer::Ended(None));
    assert!(scene.is_committed());
    scene.restarted(identity(0));
    scene.begin();
}

#[test]
fn in_version_2_a_partition_joins_at_once_and_the_next_transaction_has_the_epoch_of_the_answer() {
    let mut scene = Scene::begun(VERSION_2);
    scene.append(0);
    scene.admitted();
    scene.deliver();
    scene.machine.end(true);
    let ask = scene.ask();
    scene.grant(ask, Answer::Ended(Some(identity(1))));
    assert!(scene.is_committed());
    scene.restarted(identity(1));
    scene.begin();
    scene.append(0);
    scene.admitted();
    scene.deliver();
    scene.machine.end(false);
    scene.dropped();
    assert_eq!(scene.ask(), Ask::End { identity: identity(1), commits: false });
}

#[test]
fn offsets_are_announced_to_the_coordinator_of_transactions_in_version_1_only() {
    let group = ConsumerGroupMetadata::new("g");
    for abilities in [VERSION_1, VERSION_2] {
        let mut scene = Scene::begun(abilities);
        let ticket = scene.machine.take_offsets(&group, &offsets()).unwrap().unwrap();
        assert_eq!(scene.machine.take_offsets(&group, &offsets()).unwrap(), None);
        if !abilities.version_2 {
            let ask = scene.ask();
            assert!(matches!(&ask, Ask::AddOffsets { group, .. } if group == "g"));
            scene.grant(ask, Answer::Joined);
        }
        // A commit waits for them.
        scene.machine.end(true);
        let ask = scene.ask();
        assert!(matches!(&ask, Ask::CommitOffsets { offsets: it, .. } if *it == offsets()));
        assert!(scene.machine.are_sent(ticket).is_none_or(|it| it.is_err()));
        scene.grant(ask, Answer::Joined);
        assert!(scene.machine.are_sent(ticket).unwrap().is_ok());
        assert_eq!(scene.ask(), Ask::End { identity: identity(0), commits: true });
    }
}

#[test]
fn an_empty_transaction_ends_without_a_request() {
    for (abilities, commits) in [(VERSION_1, true), (VERSION_2, true), (VERSION_1, false)] {
        let mut scene = Scene::begun(abilities);
        scene.machine.end(commits);
        if !commits {
            scene.dropped();
        }
        scene.restarted(identity(0));
        assert_eq!(scene.is_committed(), commits);
        scene.nothing();
    }
}

#[test]
fn a_transaction_with_a_failed_batch_is_only_aborted_and_the_next_has_a_new_epoch() {
    let mut scene = Scene::begun(VERSION_1);
    scene.append(0);
    let ask = scene.ask();
    scene.grant(ask, Answer::Joined);
    scene.admitted();
    scene.fail(ErrorCode::MessageTooLarge);
    let error = scene.machine.check_open().unwrap_err();
    assert!(matches!(error, ClientError::TransactionAbortable { .. }), "{error}");
    scene.dropped();
    scene.nothing();
    scene.machine.end(true);
    let ask = scene.ask();
    assert_eq!(ask, Ask::End { identity: identity(0), commits: false });
    scene.grant(ask, Answer::Ended(None));
    let ended = scene.machine.outcome().unwrap().unwrap();
    assert!(!ended.is_committed);
    assert_eq!(ended.reason.unwrap().code(), Some(ErrorCode::MessageTooLarge));
    assert!(scene.machine.begin().is_none());
    scene.restarted(identity(0));
    let ask = scene.ask();
    assert_eq!(ask, Ask::Identity { identity: Some(identity(0)) });
    let answer = Answer::Identity { identity: identity(1), abilities: VERSION_1 };
    scene.grant(ask, answer);
    scene.restarted(identity(1));
    scene.begin();
}

#[test]
fn a_failure_while_the_commit_waits_turns_it_into_an_abort() {
    let mut scene = Scene::begun(VERSION_2);
    scene.append(0);
    scene.admitted();
    scene.machine.end(true);
    scene.fail(ErrorCode::OutOfOrderSequenceNumber);
    scene.dropped();
    let ask = scene.ask();
    assert_eq!(ask, Ask::End { identity: identity(0), commits: false });
    scene.grant(ask, Answer::Ended(Some(identity(1))));
    assert!(!scene.is_committed());
    // The answer brought an epoch.
    scene.restarted(identity(1));
    scene.begin();
}

#[test]
fn an_abort_waits_for_what_is_under_way() {
    let mut scene = Scene::begun(VERSION_1);
    scene.append(0);
    let ask = scene.ask();
    scene.grant(ask, Answer::Joined);
    scene.admitted();
    scene.machine.end(false);
    scene.dropped();
    scene.ground.is_idle = false;
    scene.nothing();
    scene.ground.is_idle = true;
    assert_eq!(scene.ask(), Ask::End { identity: identity(0), commits: false });
}

#[test]
fn who_is_fenced_writes_and_asks_nothing_any_more() {
    for code in [ErrorCode::ProducerFenced, ErrorCode::InvalidProducerEpoch] {
        let mut scene = Scene::begun(VERSION_1);
        scene.append(0);
        let ask = scene.ask();
        scene.refuse(ask, code);
        assert!(matches!(scene.step(), Some(Step::Fail(_))));
        scene.deliver();
        scene.nothing();
        let error = scene.machine.check_open().unwrap_err();
        assert!(matches!(error, ClientError::ProducerFenced { .. }), "{error}");
        scene.machine.end(false);
        let error = scene.machine.outcome().unwrap().unwrap_err();
        assert!(matches!(error, ClientError::ProducerFenced { .. }), "{error}");
        assert!(scene.machine.begin().unwrap().is_err());
        scene.nothing();
    }
}

#[test]
fn a_coordinator_that_moved_or_is_busy_is_asked_again_after_a_pause() {
    for code in [ErrorCode::NotCoordinator, ErrorCode::ConcurrentTransactions] {
        let mut scene = Scene::begun(VERSION_1);
        scene.append(0);
        let ask = scene.ask();
        scene.refuse(ask.clone(), code);
        scene.nothing();
        let at = scene.machine.next_timeout(scene.now).unwrap();
        let is_short = at - scene.now <= CONCURRENT_PAUSE;
        assert_eq!(is_short, code == ErrorCode::ConcurrentTransactions);
        scene.now = at;
        assert_eq!(scene.ask(), ask);
    }
}

#[test]
fn a_member_that_the_group_gave_up_cannot_commit_its_offsets() {
    let mut scene = Scene::begun(VERSION_2);
    let group = ConsumerGroupMetadata::new("g");
    let ticket = scene.machine.take_offsets(&group, &offsets()).unwrap().unwrap();
    let ask = scene.ask();
    scene.refuse(ask, ErrorCode::IllegalGeneration);
    let error = scene.machine.are_sent(ticket).unwrap().unwrap_err();
    assert!(matches!(error, ClientError::TransactionAbortable { .. }), "{error}");
    scene.dropped();
    scene.machine.end(false);
    assert_eq!(scene.ask(), Ask::End { identity: identity(0), commits: false });
}

#[test]
fn a_coordinator_that_forgot_the_id_is_asked_for_an_epoch_where_that_is_possible() {
    for (abilities, is_over) in [(VERSION_1, false), (VERSION_2, true)] {
        let mut scene = Scene::begun(abilities);
        let group = ConsumerGroupMetadata::new("g");
        scene.machine.take_offsets(&group, &offsets()).unwrap().unwrap();
        let ask = scene.ask();
        scene.refuse(ask, ErrorCode::InvalidProducerIdMapping);
        assert_eq!(scene.machine.begin().is_some(), is_over);
    }
}

#[test]
fn before_epochs_could_be_asked_for_a_lost_sequence_ends_the_producer() {
    let mut scene = Scene::begun(Abilities { version_2: false, bumps_epochs: false });
    scene.append(0);
    let ask = scene.ask();
    scene.grant(ask, Answer::Joined);
    scene.admitted();
    scene.fail(ErrorCode::MessageTooLarge);
    assert!(matches!(scene.step(), Some(Step::Fail(_))));
}
