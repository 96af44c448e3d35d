use metadata::{Partition, PartitionChange, RecoveryState};
use model::BrokerId;

/// How hard to look for a leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Election {
    /// Only the first replica of the assignment, if it is in sync; else all stays as it is.
    Preferred,
    /// Any replica that holds every committed record.
    Clean,
    /// Any live replica, when there is no other.
    Unclean,
}

/// Works out how a partition changes: its ISR, its eligible leader replicas (KIP-966), its leader.
pub(crate) struct ChangeBuilder<'a> {
    partition: &'a Partition,
    /// Whether a broker may lead now.
    may_lead: &'a dyn Fn(BrokerId) -> bool,
    election: Election,
    /// `None` when eligible leader replicas are not kept; else the topic's `min.insync.replicas`.
    elr_min_isr: Option<usize>,
    target_isr: Vec<BrokerId>,
    /// Replicas whose log may have lost its tail.
    unclean_shutdown: Option<BrokerId>,
}

impl<'a> ChangeBuilder<'a> {
    pub(crate) fn new(
        partition: &'a Partition,
        may_lead: &'a dyn Fn(BrokerId) -> bool,
        election: Election,
        elr_min_isr: Option<usize>,
    ) -> Self {
        let target_isr = partition.isr.clone();
        Self { partition, may_lead, election, elr_min_isr, target_isr, unclean_shutdown: None }
    }

    /// Takes a broker out of the in-sync replicas.
    pub(crate) fn without(mut self, broker: BrokerId) -> Self {
        self.target_isr.retain(|replica| *replica != broker);
        self
    }

    /// Takes a broker out of the in-sync and the eligible replicas: it stopped without syncing its log.
    pub(crate) fn without_unclean(mut self, broker: BrokerId) -> Self {
        self.unclean_shutdown = Some(broker);
        self.without(broker)
    }

    /// The change; `None` when nothing changes.
    pub(crate) fn build(self) -> Option<PartitionChange> {
        let mut change = PartitionChange::default();
        let (mut isr, mut elr, mut last_known) = self.targets();
        let (leader, unclean) = self.elect(&isr, &elr);
        if leader != self.partition.leader {
            change.leader = Some(leader);
            if let Some(leader) = leader.filter(|_| isr.is_empty() || unclean) {
                // Elected from outside of the ISR: it alone is in sync with itself.
                isr = vec![leader];
                elr.retain(|replica| *replica != leader);
                if self.reaches_min_isr(&isr) {
                    elr.clear();
                    last_known.clear();
                }
                if unclean && self.partition.recovery != RecoveryState::Recovering {
                    change.recovery = Some(RecoveryState::Recovering);
                }
            }
        }
        let keeps_elr = self.elr_min_isr.is_some();
        // Without eligible replicas the last of the ISR stays in it: an empty ISR would forget who had the data.
        if isr != self.partition.isr && (!isr.is_empty() || keeps_elr) {
            change.isr = Some(isr);
        }
        if keeps_elr {
            let emptied = change.isr.as_ref().is_some_and(Vec::is_empty);
            if emptied && let Some(leader) = self.partition.leader {
                last_known = vec![leader];
            }
            change.elr = (elr != self.partition.elr).then_some(elr);
            change.last_known_elr =
                (last_known != self.partition.last_known_elr).then_some(last_known);
        }
        (!change.is_empty()).then_some(change)
    }

    fn reaches_min_isr(&self, isr: &[BrokerId]) -> bool {
        let needed = self.elr_min_isr.map(|min| min.min(self.partition.replicas.len()));
        needed.is_none_or(|needed| isr.len() >= needed)
    }

    /// The new ISR, ELR and last known ELR, before a leader is chosen.
    fn targets(&self) -> (Vec<BrokerId>, Vec<BrokerId>, Vec<BrokerId>) {
        let isr = self.target_isr.clone();
        if self.reaches_min_isr(&isr) {
            return (isr, Vec::new(), Vec::new());
        }
        let mut candidates = self.partition.isr.clone();
        for replica in &self.partition.elr {
            if !candidates.contains(replica) {
                candidates.push(*replica);
            }
        }
        let is_eligible =
            |replica: &BrokerId| !isr.contains(replica) && self.unclean_shutdown != Some(*replica);
        let elr: Vec<BrokerId> = candidates.iter().copied().filter(is_eligible).collect();
        for replica in &self.partition.last_known_elr {
            if !candidates.contains(replica) {
                candidates.push(*replica);
            }
        }
        candidates.retain(|replica| !isr.contains(replica) && !elr.contains(replica));
        (isr, elr, candidates)
    }

    /// Who leads, and whether it may miss committed records.
    fn elect(&self, isr: &[BrokerId], elr: &[BrokerId]) -> (Option<BrokerId>, bool) {
        let holds_all = |id: BrokerId| isr.contains(&id) || (isr.is_empty() && elr.contains(&id));
        // Without eligible replicas an ISR that would become empty stays; its members are then all fenced.
        let is_valid = |id: BrokerId| holds_all(id) && (self.may_lead)(id);
        let current = self.partition.leader.filter(|leader| is_valid(*leader));
        let mut by_preference = self.partition.replicas.iter().copied();
        if self.election == Election::Preferred {
            let preferred = self.partition.preferred_leader().filter(|id| is_valid(*id));
            if preferred.is_some() {
                return (preferred, false);
            }
        }
        if let Some(leader) = current.or_else(|| by_preference.find(|id| is_valid(*id))) {
            return (Some(leader), false);
        }
        if let [last] = self.partition.last_known_elr[..]
            && self.elr_min_isr.is_some()
            && isr.is_empty()
            && elr.is_empty()
            && (self.may_lead)(last)
        {
            return (Some(last), true);
        }
        if self.election == Election::Unclean {
            let live = self.partition.replicas.iter().copied().find(|id| (self.may_lead)(*id));
            return (live, live.is_some());
        }
        (None, false)
    }
}

#[cfg(test)]
mod tests;
