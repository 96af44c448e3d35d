use model::{Instant, Offset, Timestamp};

use crate::{
    Generation, GroupEpoch, GroupError, GroupId, GroupRecord, JoinRefused, Joined, MemberId, Synced,
};

/// The time of a step: the monotonic clock for deadlines, the wall clock for what is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    pub instant: Instant,
    pub wall: Timestamp,
}

/// The shell's name for a request that the machine may park.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// What to do about one step. Replies, the own one and those of parked requests, leave once the records are committed
/// and the log is committed up to `seen`; with neither, at once.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub struct Decision<R> {
    /// To be appended in this order, then replayed.
    pub records: Vec<GroupRecord>,
    /// The reply to the request itself.
    pub reply: R,
    /// Parked requests that end with this step.
    pub answers: Vec<Answer>,
    /// For the log and the metrics.
    pub events: Vec<Event>,
    /// The newest record that the replies rest on.
    pub seen: Option<Offset>,
}

impl<R> Decision<R> {
    /// The same decision with the reply in other words.
    pub fn map<S>(self, word: impl FnOnce(R) -> S) -> Decision<S> {
        let Self { records, reply, answers, events, seen } = self;
        Decision { records, reply: word(reply), answers, events, seen }
    }
}

/// The end of a parked request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub ticket: Ticket,
    pub reply: Reply,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    Join(Result<Joined, JoinRefused>),
    Sync(Result<Synced, GroupError>),
}

/// Something that an operator may want to read about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Members are asked to join again.
    Rebalancing {
        group: GroupId,
        generation: Generation,
        why: Why,
        client_reason: Option<Box<str>>,
    },
    /// All that joined got the new generation.
    Joined {
        group: GroupId,
        generation: Generation,
        member_count: usize,
    },
    /// The leader's assignment is in.
    Assigned {
        group: GroupId,
        generation: Generation,
        member_count: usize,
    },
    Emptied {
        group: GroupId,
        generation: Generation,
    },
    MemberRemoved {
        group: GroupId,
        member: MemberId,
        why: Why,
    },
    /// A consumer group has changed, or has a target for that change.
    ConsumerGroupChanged {
        group: GroupId,
        epoch: GroupEpoch,
        target_epoch: GroupEpoch,
        member_count: usize,
    },
    /// A share group has changed, or has a target for that change.
    ShareGroupChanged {
        group: GroupId,
        epoch: GroupEpoch,
        target_epoch: GroupEpoch,
        member_count: usize,
    },
    /// A streams group has changed, or has a target for that change.
    StreamsGroupChanged {
        group: GroupId,
        epoch: GroupEpoch,
        target_epoch: GroupEpoch,
        member_count: usize,
    },
    /// The records of a group contradicted each other, as after damage: its members are to join afresh.
    Repaired {
        group: GroupId,
    },
    /// The expiry job is through all groups once.
    OffsetsExpired {
        group_count: usize,
        offset_count: usize,
    },
}

/// What set a rebalance off, or took a member out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    NewMember,
    LeaderRejoined,
    MetadataChanged,
    StaticMemberReplaced,
    MemberLeft,
    SessionExpired,
    JoinTooLate,
    SyncTooLate,
    RevokedTooLate,
    /// The last member of the new protocol is gone.
    Downgraded,
    OverCapacity,
    /// No record can hold what the leader has assigned.
    AssignmentTooLarge,
    /// Topics that the group reads came, went or grew.
    TopicsChanged,
}

impl Why {
    /// In words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::NewMember => "a new member joined",
            Self::LeaderRejoined => "the leader joined again",
            Self::MetadataChanged => "a member changed what it reads or supports",
            Self::StaticMemberReplaced => "a static member came back under another id",
            Self::MemberLeft => "a member left",
            Self::SessionExpired => "a member's session expired",
            Self::JoinTooLate => "a member did not join again in time",
            Self::SyncTooLate => "a member did not fetch its assignment in time",
            Self::RevokedTooLate => "a member did not let go of partitions in time",
            Self::Downgraded => "the group became a classic one",
            Self::AssignmentTooLarge => "the assignment does not fit in a record",
            Self::OverCapacity => "the group has more members than are allowed",
            Self::TopicsChanged => "topics that the group reads came, went or grew",
        }
    }
}

/// What a step has decided so far.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) records: Vec<GroupRecord>,
    pub(crate) answers: Vec<Answer>,
    pub(crate) events: Vec<Event>,
}

impl Outcome {
    pub(crate) fn answer_join(&mut self, ticket: Ticket, reply: Result<Joined, JoinRefused>) {
        self.answers.push(Answer { ticket, reply: Reply::Join(reply) });
    }

    pub(crate) fn refuse_join(
        &mut self,
        ticket: Ticket,
        member: Option<MemberId>,
        error: GroupError,
    ) {
        self.answer_join(ticket, Err(JoinRefused { member, error }));
    }

    pub(crate) fn answer_sync(&mut self, ticket: Ticket, reply: Result<Synced, GroupError>) {
        self.answers.push(Answer { ticket, reply: Reply::Sync(reply) });
    }

    pub(crate) fn decide<R>(self, reply: R, seen: Option<Offset>) -> Decision<R> {
        Decision { records: self.records, reply, answers: self.answers, events: self.events, seen }
    }
}
