//! One classic group: its members assign the work among themselves, the coordinator only sees that they agree on who
//! belongs to a generation.
//!
//! Invariants, checked after each step:
//!
//! - Only members of the group are leader, hold an instance id, or owe a sync; nobody is member and pending at once.
//! - A join is parked only while the group prepares a rebalance, a sync only while it completes one. So whatever ends
//!   the phase answers everybody, and no parked request is forgotten.
//! - Outside of preparing, all members support the group's protocol. An empty group has no members; a stable one or
//!   one that completes a rebalance has a leader and a protocol.

#[cfg(test)]
mod crowd_tests;
mod group;
mod heartbeat;
mod join;
mod leave;
mod member;
mod rebalance;
mod request;
#[cfg(test)]
mod room_tests;
mod session;
mod slowness;
mod static_member;
mod sync;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod too_large_tests;

pub(crate) use group::ClassicGroup;
pub use group::State;
pub(crate) use join::new_member_id;
pub(crate) use member::{Member, protocols_size};
pub use request::{
    Client, Heartbeat, Join, JoinRefused, Joined, JoinedMember, Leave, LeavingMember, Protocol,
    Sync, Synced,
};

use model::SeededRandom;

use crate::decision::Outcome;
use crate::history::Histories;
use crate::record_size::RecordSizeMax;
use crate::timers::Timers;
use crate::{GroupSettings, MembersRoom, Now};

/// What a step of a group may use besides the group itself.
pub(crate) struct Step<'a> {
    pub(crate) now: Now,
    pub(crate) settings: &'a GroupSettings,
    pub(crate) timers: &'a mut Timers,
    pub(crate) random: &'a mut SeededRandom,
    pub(crate) histories: &'a mut Histories,
    pub(crate) record_size_max: RecordSizeMax,
    pub(crate) members_room: MembersRoom,
    pub(crate) out: &'a mut Outcome,
}
