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
use crate::{GroupId, GroupSettings, MembersRoom, Now, Ticket};

/// What a shard knows beyond its log: groups that have members or are about to get some, with their parked joins and
/// syncs, and all deadlines. It dies with the process, or with a failed write.
#[derive(Debug)]
pub struct Soft {
    pub(crate) settings: GroupSettings,
    /// Changed by way of [`Soft::put_group`] and [`Soft::step_group`], which count bytes.
    pub(crate) groups: BTreeMap<GroupId, ClassicGroup>,
    /// Bytes that the members of `groups` take.
    pub(crate) members_size: usize,
    pub(crate) members_room: MembersRoom,
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
            members_size: 0,
            members_room: MembersRoom::default(),
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

    /// How much room there is for members: to be said before each step.
    pub fn set_members_room(&mut self, room: MembersRoom) {
        self.members_room = room;
    }

    pub(crate) fn put_group(&mut self, group: ClassicGroup) {
        self.members_size += group.members_size;
        if let Some(old) = self.groups.insert(group.id().clone(), group) {
            self.members_size -= old.members_size;
        }
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
            assert!(group.members_size == 0, "nobody is in a vacant group");
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
        let Self { settings, groups, timers, random, histories, .. } = self;
        let (record_size_max, members_room) = (self.record_size_max, self.members_room);
        let group = groups.get_mut(id)?;
        let before = group.members_size;
        let mut step =
            Step { now, settings, timers, random, histories, record_size_max, members_room, out };
        let result = run(group, &mut step);
        self.members_size = self.members_size - before + group.members_size;
        Some(result)
    }
}

/// What a parked request is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parked {
    Join(crate::MemberId),
    Sync,
}
