use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::{Generation, GroupError, GroupId, InstanceId, MemberId, Ticket};

/// Whom a member runs on, as described to operators.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    pub id: Arc<str>,
    pub host: Arc<str>,
}

impl Client {
    /// Bytes of its texts, which a member keeps.
    pub(crate) fn size(&self) -> usize {
        self.id.len() + self.host.len()
    }
}

/// A way of assigning that a member supports, with what it wants its leader to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protocol {
    pub name: Arc<str>,
    pub metadata: Bytes,
}

/// Asks to become or stay a member.
#[derive(Clone, Debug)]
pub struct Join {
    pub group: GroupId,
    /// `None` asks for an id.
    pub member: Option<MemberId>,
    pub instance: Option<InstanceId>,
    pub client: Client,
    pub session_timeout: Duration,
    pub rebalance_timeout: Duration,
    pub protocol_type: Arc<str>,
    /// In order of preference.
    pub protocols: Vec<Protocol>,
    /// The client understands that it first gets an id and must join again with it (KIP-394).
    pub knows_member_id_required: bool,
    /// The client understands that a leader may be told not to assign (KIP-814).
    pub knows_skip_assignment: bool,
    pub reason: Option<Box<str>>,
    /// Under which the answer comes, maybe much later.
    pub ticket: Ticket,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    pub member: MemberId,
    pub generation: Generation,
    pub protocol_type: Option<Arc<str>>,
    pub protocol: Option<Arc<str>>,
    pub leader: Option<MemberId>,
    /// The leader keeps the assignment of this generation as it is.
    pub skip_assignment: bool,
    /// All members, for the leader; nobody, for the others.
    pub members: Vec<JoinedMember>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinedMember {
    pub id: MemberId,
    pub instance: Option<InstanceId>,
    pub metadata: Bytes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinRefused {
    /// The id to answer with: with [`GroupError::MemberIdRequired`] the new one.
    pub member: Option<MemberId>,
    pub error: GroupError,
}

/// Hands in (the leader) or asks for (all) the assignment.
#[derive(Clone, Debug)]
pub struct Sync {
    pub group: GroupId,
    pub member: Option<MemberId>,
    pub instance: Option<InstanceId>,
    pub generation: Option<Generation>,
    /// What the member takes the group's to be; `None` in old versions, where nothing is checked (KIP-559).
    pub protocol_type: Option<Arc<str>>,
    pub protocol: Option<Arc<str>>,
    /// From the leader only.
    pub assignments: Vec<(MemberId, Bytes)>,
    pub ticket: Ticket,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synced {
    pub protocol_type: Option<Arc<str>>,
    pub protocol: Option<Arc<str>>,
    pub assignment: Bytes,
}

#[derive(Clone, Debug)]
pub struct Heartbeat {
    pub group: GroupId,
    pub member: Option<MemberId>,
    pub instance: Option<InstanceId>,
    pub generation: Option<Generation>,
}

#[derive(Clone, Debug)]
pub struct Leave {
    pub group: GroupId,
    pub members: Vec<LeavingMember>,
}

#[derive(Clone, Debug)]
pub struct LeavingMember {
    /// `None` with an instance: whoever holds the instance id, as an administrator asks.
    pub member: Option<MemberId>,
    pub instance: Option<InstanceId>,
    /// Why, in the client's words (KIP-800).
    pub reason: Option<Box<str>>,
}
