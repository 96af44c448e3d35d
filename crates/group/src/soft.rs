use std::collections::BTreeMap;

use model::{Instant, SeededRandom};

use crate::classic::{ClassicGroup, Step};
use crate::consumer::ConsumerSoft;
use crate::decision::Outcome;
use crate::history::Histories;
use crate::record_size::RecordSizeMax;
use crate::share::ShareSoft;
use crate::streams::StreamsSoft;
use crate::timers::{Timer, Timers};
use crate::{GroupId, GroupSettings, Now, Ticket};

/// What a shard knows beyond its log: groups that have members or are about to get some, with their parked joins and
/// syncs, and all deadlines. It dies with the process, or with a failed write.
#[derive(Debug)]
pub struct Soft {
    pub(crate) settings: GroupSettings,
    pub(crate) groups: BTreeMap<GroupId, ClassicGroup>,
    pub(crate) consumers: BTreeMap<GroupId, ConsumerSoft>,
    pub(crate) shares: BTreeMap<GroupId, ShareSoft>,
    pub(crate) streams: BTreeMap<GroupId, StreamsSoft>,
    pub(crate) timers: Timers,
    pub(crate) random: SeededRandom,
    pub(crate) expiry: Expiry,
    pub(crate) histories: Histories,
    pub(crate) record_size_max: RecordSizeMax,
}

/// Where the job that removes old offsets stands.
#[derive(Debug, Default)]
pub(crate) struct Expiry {
    pub(crate) timer: Timer,
    /// The last group that the current run has looked at.
    pub(crate) after: Option<GroupId>,
    pub(crate) group_count: usize,
    pub(crate) offset_count: usize,
}

impl Soft {
    /// `random` makes member ids; seed it from the system's.
    pub fn new(settings: GroupSettings, random: SeededRandom) -> Self {
        Self {
            settings,
            groups: BTreeMap::new(),
            consumers: BTreeMap::new(),
            shares: BTreeMap::new(),
            streams: BTreeMap::new(),
            timers: Timers::default(),
            random,
            expiry: Expiry::default(),
            histories: Histories::default(),
            record_size_max: RecordSizeMax::default(),
        }
    }

    pub fn settings(&self) -> &GroupSettings {
        &self.settings
    }

    /// For settings that may change while the broker runs.
    pub fn set_settings(&mut self, settings: GroupSettings) {
        self.settings = settings;
    }

    /// Bytes of key and value that a record may have at most.
    pub fn set_record_size_max(&mut self, size_max: usize) {
        self.record_size_max = RecordSizeMax(size_max);
    }

    /// When to call [`crate::GroupShard::time_passed`] next; `None` while nothing has a deadline.
    pub fn next_timeout(&self) -> Option<Instant> {
        self.timers.next()
    }

    /// All requests that are still parked, so that the shell can refuse them when the shard goes away. Joins come with
    /// the member id to answer with.
    pub fn parked(&self) -> Vec<(Ticket, Parked)> {
        let of_group = |group: &ClassicGroup| -> Vec<(Ticket, Parked)> {
            let parked = |(ticket, id, joins): (Ticket, &crate::MemberId, bool)| {
                (ticket, if joins { Parked::Join(id.clone()) } else { Parked::Sync })
            };
            group.waiting().map(parked).collect()
        };
        self.groups.values().flat_map(of_group).collect()
    }

    /// Runs a step of one group. A group that is left with nothing the log does not know is dropped.
    pub(crate) fn step_group<R>(
        &mut self,
        now: Now,
        id: &GroupId,
        out: &mut Outcome,
        run: impl FnOnce(&mut ClassicGroup, &mut Step<'_>) -> R,
    ) -> Option<R> {
        let result = self.renew_in_group(now, id, out, run)?;
        let group = self.groups.get(id)?;
        group.assert_invariants();
        if group.is_vacant() {
            self.groups.remove(id);
        }
        Some(result)
    }

    /// The same for steps that at most renew a session: they come thousands of times a second, and leave nothing to
    /// check.
    pub(crate) fn renew_in_group<R>(
        &mut self,
        now: Now,
        id: &GroupId,
        out: &mut Outcome,
        run: impl FnOnce(&mut ClassicGroup, &mut Step<'_>) -> R,
    ) -> Option<R> {
        let Self { settings, groups, timers, random, histories, record_size_max, .. } = self;
        let record_size_max = *record_size_max;
        let group = groups.get_mut(id)?;
        Some(run(
            group,
            &mut Step { now, settings, timers, random, histories, record_size_max, out },
        ))
    }
}

/// What a parked request is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parked {
    Join(crate::MemberId),
    Sync,
}
