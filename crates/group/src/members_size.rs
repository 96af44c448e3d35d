//! What members say about themselves lies in memory as long as they are there: it has a bound for each group, and one for all
//! groups of the broker, which the shell shares out.

use std::sync::Arc;

use crate::{GroupError, GroupId, GroupShard, Soft};

/// Bytes that a member takes beside its texts and bytes: entries of maps, times, numbers.
pub(crate) const MEMBER_OVERHEAD: usize = 512;

/// Bytes that a name in a list takes beside its letters.
pub(crate) const NAME_OVERHEAD: usize = 64;

/// How much room there is for members. The default is for shells without a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MembersRoom {
    /// Bytes that the members of one group may take.
    pub group_size_max: usize,
    /// Bytes that are left for all groups together.
    pub left: usize,
}

impl Default for MembersRoom {
    fn default() -> Self {
        Self { group_size_max: usize::MAX, left: usize::MAX }
    }
}

impl MembersRoom {
    /// Whether a group may grow so. One that stays as it is, or shrinks, always may: who is in it does nobody harm by coming
    /// again.
    pub(crate) fn check(self, before: usize, after: usize) -> Result<(), GroupError> {
        let growth = after.saturating_sub(before);
        if growth > 0 && (after > self.group_size_max || growth > self.left) {
            return Err(GroupError::MembersTooLarge);
        }
        Ok(())
    }
}

impl GroupShard {
    /// Bytes that the members of all groups of this shard take.
    pub fn members_size(&self, soft: &Soft) -> usize {
        self.members_size + self.recorded_size + soft.members_size
    }

    /// The same for one group, of whatever type.
    pub(crate) fn members_size_of(&self, soft: &Soft, group: &GroupId) -> usize {
        self.hard_members_size(group) + soft.groups.get(group).map_or(0, |group| group.members_size)
    }
}

/// Bytes of names in a list.
pub(crate) fn names_size<'a>(names: impl IntoIterator<Item = &'a Arc<str>>) -> usize {
    names.into_iter().map(|name| NAME_OVERHEAD + name.len()).sum()
}
