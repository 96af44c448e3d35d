//! Transactional ids, and the ways into each state.

use std::thread::sleep;
use std::time::Duration;

use testkit::Failed;
use testkit::compare::Side;
use wire::messages::DescribeTransactionsRequest;
use wire::messages::describe_transactions_response::TransactionState;

use super::{TOPIC, add, end, init};

/// By whose rules the transactions before the case went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rules {
    /// The epoch grows with each life.
    Old,
    /// The epoch grows with each transaction.
    New,
}

/// Where an id stands when a case begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    Unknown,
    Empty,
    Ongoing,
    Committed,
    Aborted,
    /// A later life of the producer has taken the id over; the claims are those of the earlier one.
    TakenOver,
    /// The same while a transaction of the earlier life was open.
    Fenced,
}

pub(super) const STATES: &[Stand] = &[
    Stand::Unknown,
    Stand::Empty,
    Stand::Ongoing,
    Stand::Committed,
    Stand::Aborted,
    Stand::TakenOver,
    Stand::Fenced,
];

impl Stand {
    /// Whether the way there leads through a transaction.
    pub(super) const fn has_transaction(self) -> bool {
        matches!(self, Self::Ongoing | Self::Committed | Self::Aborted | Self::Fenced)
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// Who brought the id to where it stands.
    Own,
    EarlierEpoch,
    LaterEpoch,
    OtherId,
    NoId,
    NoEpoch,
}

pub(super) const CLAIMS: &[Claim] = &[
    Claim::Own,
    Claim::EarlierEpoch,
    Claim::LaterEpoch,
    Claim::OtherId,
    Claim::NoId,
    Claim::NoEpoch,
];

/// Of an id that nobody has.
const OTHER_PRODUCER: i64 = 424_242;
/// Longer than the comparison takes.
const TIMEOUT: i32 = 600_000;
const TURNS_MAX: usize = 1_500;
const PAUSE: Duration = Duration::from_millis(10);
/// These ask again: the coordinator is not there yet, or is busy with the transaction before.
const COME_AGAIN: [i16; 4] = [14, 15, 16, 51];

pub(super) struct Id(String);

impl Id {
    pub(super) fn new(name: &str) -> Self {
        Self(format!("tx-{name}"))
    }

    pub(super) fn name(&self) -> &str {
        &self.0
    }

    /// Gives the id its first producer, which the side remembers.
    pub(super) fn begin(&self, side: &mut Side, timeout: i32) -> Result<(), Failed> {
        let producer = self.init(side, timeout)?;
        self.remember(side, producer);
        Ok(())
    }

    fn init(&self, side: &mut Side, timeout: i32) -> Result<(i64, i16), Failed> {
        for _ in 0..TURNS_MAX {
            if let Some(answer) = side.call(&init(self, timeout, (-1, -1)), 4)? {
                if answer.error_code == 0 {
                    return Ok((answer.producer_id, answer.producer_epoch));
                }
                if !COME_AGAIN.contains(&answer.error_code) {
                    return Err(Failed(format!("{}: init: {}", self.0, answer.error_code)));
                }
            }
            sleep(PAUSE);
        }
        Err(Failed(format!("{}: no producer id in time", self.0)))
    }

    pub(super) fn remember(&self, side: &mut Side, (id, epoch): (i64, i16)) {
        side.memory.insert(self.0.clone(), format!("{id} {epoch}"));
    }

    fn own(&self, side: &Side) -> (i64, i16) {
        let known = side.memory.get(&self.0).and_then(|text| {
            let (id, epoch) = text.split_once(' ')?;
            Some((id.parse().ok()?, epoch.parse().ok()?))
        });
        known.unwrap_or((OTHER_PRODUCER - 1, 0))
    }

    pub(super) fn claimed(&self, side: &Side, claim: Claim) -> (i64, i16) {
        let (id, epoch) = self.own(side);
        match claim {
            Claim::Own => (id, epoch),
            Claim::EarlierEpoch => (id, epoch - 1),
            Claim::LaterEpoch => (id, epoch + 1),
            Claim::OtherId => (OTHER_PRODUCER, epoch),
            Claim::NoId => (-1, epoch),
            Claim::NoEpoch => (id, -1),
        }
    }

    pub(super) fn bring(&self, side: &mut Side, rules: Rules, stand: Stand) -> Result<(), Failed> {
        if stand == Stand::Unknown {
            return Ok(());
        }
        // Two lives, so that there is an epoch before the present one.
        self.begin(side, TIMEOUT)?;
        self.begin(side, TIMEOUT)?;
        self.bring_on(side, rules, stand)
    }

    /// From [`Stand::Empty`].
    pub(super) fn bring_on(
        &self,
        side: &mut Side,
        rules: Rules,
        stand: Stand,
    ) -> Result<(), Failed> {
        match stand {
            Stand::Unknown | Stand::Empty => Ok(()),
            Stand::Ongoing => self.open(side, rules),
            Stand::Committed | Stand::Aborted => {
                self.open(side, rules)?;
                self.close(side, rules, stand == Stand::Committed)
            }
            Stand::TakenOver => self.init(side, TIMEOUT).map(drop),
            Stand::Fenced => {
                self.open(side, rules)?;
                self.init(side, TIMEOUT).map(drop)
            }
        }
    }

    fn open(&self, side: &mut Side, rules: Rules) -> Result<(), Failed> {
        let v = if rules == Rules::New { 5 } else { 3 };
        for _ in 0..TURNS_MAX {
            let own = self.own(side);
            let answer = side.call(&add(v, self, own, false, &[(TOPIC, &[0])]), v)?;
            let answer = answer.ok_or_else(|| Failed(format!("{}: add: closed", self.0)))?;
            let by_transaction =
                answer.results_by_transaction.iter().flat_map(|t| &t.topic_results);
            let results = answer.results_by_topic_v3_and_below.iter().chain(by_transaction);
            let mut codes =
                results.flat_map(|t| &t.results_by_partition).map(|p| p.partition_error_code);
            match codes.next() {
                Some(0) => return Ok(()),
                Some(code) if COME_AGAIN.contains(&code) => sleep(PAUSE),
                code => return Err(Failed(format!("{}: add: {code:?}", self.0))),
            }
        }
        Err(Failed(format!("{}: no transaction in time", self.0)))
    }

    fn close(&self, side: &mut Side, rules: Rules, committed: bool) -> Result<(), Failed> {
        let v = if rules == Rules::New { 5 } else { 4 };
        let own = self.own(side);
        let answer = side.call(&end(self, own, committed), v)?;
        let answer = answer.ok_or_else(|| Failed(format!("{}: end: closed", self.0)))?;
        if answer.error_code != 0 {
            return Err(Failed(format!("{}: end: {}", self.0, answer.error_code)));
        }
        if rules == Rules::New {
            self.remember(side, (answer.producer_id, answer.producer_epoch));
        }
        self.settled(side).map(drop)
    }

    fn state(&self, side: &mut Side) -> Result<TransactionState, Failed> {
        let ask = DescribeTransactionsRequest { transactional_ids: vec![self.0.clone()] };
        let answer = side.call(&ask, 0)?;
        let state = answer.and_then(|answer| answer.transaction_states.into_iter().next());
        state.ok_or_else(|| Failed(format!("{}: not described", self.0)))
    }

    /// Waits until the coordinator says so of the id.
    pub(super) fn until(
        &self,
        side: &mut Side,
        holds: impl Fn(&TransactionState) -> bool,
    ) -> Result<TransactionState, Failed> {
        for _ in 0..TURNS_MAX {
            let state = self.state(side)?;
            if holds(&state) {
                return Ok(state);
            }
            sleep(PAUSE);
        }
        Err(Failed(format!("{}: not in the state that was waited for", self.0)))
    }

    /// What the coordinator says when no end is on its way, in words that two brokers share.
    pub(super) fn settled(&self, side: &mut Side) -> Result<String, Failed> {
        let mut state = self.until(side, |state| {
            !state.transaction_state.starts_with("Prepare")
                && !COME_AGAIN.contains(&state.error_code)
        })?;
        state.topics.sort_by_key(|topic| topic.topic.clone());
        state.topics.iter_mut().for_each(|topic| topic.partitions.sort_unstable());
        let producer = match state.producer_id == self.own(side).0 {
            true => "own",
            false if state.producer_id < 0 => "none",
            false => "another",
        };
        Ok(format!(
            "error {} {} timeout {} started {} producer {producer} epoch {} {:?}",
            state.error_code,
            state.transaction_state,
            state.transaction_timeout_ms,
            state.transaction_start_time_ms.signum(),
            state.producer_epoch,
            state.topics,
        ))
    }
}
