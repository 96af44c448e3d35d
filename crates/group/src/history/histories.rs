use std::collections::BTreeMap;

use model::Timestamp;

use super::GroupHistory;
use crate::{GroupId, HISTORY_GROUP_COUNT_MAX};

/// The histories of a shard's groups. Bounded: the one that rebalanced longest ago is forgotten.
#[derive(Debug, Default)]
pub(crate) struct Histories {
    /// Nothing is known of what was before.
    pub(crate) since: Option<Timestamp>,
    groups: BTreeMap<GroupId, GroupHistory>,
}

impl Histories {
    pub(crate) fn get(&self, group: &GroupId) -> Option<&GroupHistory> {
        self.groups.get(group)
    }

    /// That of a group which has one.
    pub(crate) fn known(&mut self, group: &GroupId) -> Option<&mut GroupHistory> {
        self.groups.get_mut(group)
    }

    /// For a rebalance that begins.
    pub(crate) fn entry(&mut self, group: &GroupId) -> &mut GroupHistory {
        if self.groups.len() >= HISTORY_GROUP_COUNT_MAX && !self.groups.contains_key(group) {
            let began = |history: &GroupHistory| history.rebalances.back().map(|it| it.started_at);
            let oldest = self.groups.iter().min_by_key(|(_, history)| began(history));
            if let Some(oldest) = oldest.map(|(id, _)| id.clone()) {
                self.groups.remove(&oldest);
            }
        }
        self.groups.entry(group.clone()).or_default()
    }
}
