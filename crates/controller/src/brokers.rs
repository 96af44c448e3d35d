//! Brokers register, beat, are fenced, stop and go (KIP-631, KIP-841).

use std::collections::BTreeMap;

use metadata::{BrokerChange, BrokerRegistration, Endpoint, FeatureRange, MetadataRecord};
use model::{BrokerEpoch, BrokerId, DirectoryId, Offset, Uuid};

use crate::controller::Controller;
use crate::leadership::{Cause, LostDirectories};
use crate::operation::{Context, Decision, Operation};
use crate::refusal::Refusal;

/// A broker makes itself known. The answer is its new epoch.
#[derive(Clone, Debug)]
pub struct RegisterBroker {
    pub cluster_id: String,
    pub id: BrokerId,
    pub incarnation: Uuid,
    pub endpoints: Vec<Endpoint>,
    pub features: BTreeMap<String, FeatureRange>,
    pub rack: Option<String>,
    pub log_dirs: Vec<Uuid>,
    pub cordoned_log_dirs: Option<Vec<Uuid>>,
    /// The epoch that the broker wrote down when it last stopped cleanly; `None` after a crash.
    pub previous_epoch: Option<BrokerEpoch>,
}

impl Operation for RegisterBroker {
    type Reply = Result<BrokerEpoch, Refusal>;
    const ATOMIC: bool = false;

    fn decide(&self, controller: &Controller, context: &mut Context<'_>) -> Decision<Self::Reply> {
        if let Err(refusal) = self.check(controller, context) {
            return Decision::nothing(Err(refusal));
        }
        let existing = controller.image().broker(self.id);
        // The process of before registers again, say with another endpoint: it keeps its epoch.
        let same_life = existing.filter(|existing| {
            existing.incarnation == self.incarnation && !existing.in_controlled_shutdown
        });
        let mut records = Vec::new();
        if let Some(existing) = existing.filter(|_| same_life.is_none()) {
            let clean = self.previous_epoch == Some(existing.epoch);
            let cause = if clean { Cause::Gone } else { Cause::UncleanShutdown };
            controller.partition_updates(cause(self.id), context.rules, &mut records);
        }
        let own_offset = offset_after(context.next_offset, 0);
        let epoch = same_life.map_or(own_offset, |existing| existing.epoch);
        // The registration comes first: its own offset is the epoch.
        records.insert(0, MetadataRecord::RegisterBroker(self.registration(epoch, same_life)));
        if same_life.is_none() {
            context.soft.forget(self.id);
        }
        context.soft.touch(self.id, epoch, context.now);
        Decision { records, reply: Ok(epoch) }
    }
}

/// The broker epoch that a record `count` records later would give.
fn offset_after(offset: Offset, count: u32) -> BrokerEpoch {
    let offset = offset.plus(count).unwrap_or(Offset::MAX);
    BrokerEpoch::from_wire(offset.to_wire()).unwrap_or(BrokerEpoch::ZERO)
}

impl RegisterBroker {
    fn registration(
        &self,
        epoch: BrokerEpoch,
        same_life: Option<&BrokerRegistration>,
    ) -> BrokerRegistration {
        BrokerRegistration {
            id: self.id,
            epoch,
            incarnation: self.incarnation,
            endpoints: self.endpoints.clone(),
            features: self.features.clone(),
            rack: self.rack.clone(),
            fenced: same_life.is_none_or(|existing| existing.fenced),
            in_controlled_shutdown: false,
            log_dirs: self.log_dirs.clone(),
            cordoned_log_dirs: self.cordoned_log_dirs.clone(),
        }
    }

    fn check(&self, controller: &Controller, context: &Context<'_>) -> Result<(), Refusal> {
        let settings = controller.settings();
        if self.cluster_id != settings.cluster_id {
            let (expected, given) = (settings.cluster_id.clone(), self.cluster_id.clone());
            return Err(Refusal::InconsistentClusterId { expected, given });
        }
        let image = controller.image();
        if let Some(existing) = image.broker(self.id)
            && existing.incarnation != self.incarnation
            && context.soft.has_session(self.id, existing.epoch, context.now, settings.session)
            && !existing.fenced
            && !existing.in_controlled_shutdown
        {
            return Err(Refusal::DuplicateBroker(self.id));
        }
        if self.endpoints.is_empty() {
            return Err(Refusal::InvalidRequest("no endpoint is named".to_owned()));
        }
        self.check_directories(controller)?;
        for (name, level) in image.features() {
            let range = self.features.get(name).copied();
            // kraft.version is not among these: it lives in control records.
            if !range.is_some_and(|range| range.contains(*level)) {
                let id = self.id;
                return Err(Refusal::UnsupportedVersion(format!(
                    "broker {id} does not support level {level} of {name}, which is finalised"
                )));
            }
        }
        Ok(())
    }

    fn check_directories(&self, controller: &Controller) -> Result<(), Refusal> {
        let invalid = |why: &str| Err(Refusal::InvalidRequest(why.to_owned()));
        if self.log_dirs.is_empty() {
            return invalid("no directory is named");
        }
        for (place, directory) in self.log_dirs.iter().enumerate() {
            if is_reserved(*directory) {
                return invalid("a directory id is reserved");
            }
            if self.log_dirs[..place].contains(directory) {
                return invalid("a directory id is named twice");
            }
            let mut others = controller.image().brokers().filter(|other| other.id != self.id);
            if let Some(owner) = others.find(|other| other.log_dirs.contains(directory)) {
                let owner = owner.id;
                return Err(Refusal::InvalidRequest(format!(
                    "broker {owner} is registered with directory {directory}"
                )));
            }
        }
        Ok(())
    }
}

/// The hundred lowest ids mean something else than a directory.
fn is_reserved(directory: Uuid) -> bool {
    let number = u128::from_be_bytes(*directory.as_bytes());
    number < 100 || directory == DirectoryId::LOST.uuid()
}

/// A broker says that it lives, how far it has read the metadata, and what it wants.
#[derive(Clone, Debug)]
pub struct BrokerHeartbeat {
    pub id: BrokerId,
    pub epoch: BrokerEpoch,
    /// The end of the metadata it has applied; `None` before it has read any.
    pub metadata_end: Option<Offset>,
    pub want_fence: bool,
    pub want_shut_down: bool,
    /// Directories that became unusable, named each time.
    pub offline_log_dirs: Vec<Uuid>,
}

/// What a broker shall do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeartbeatReply {
    /// It has applied its own registration.
    pub caught_up: bool,
    pub fenced: bool,
    /// Nothing is led by it any more: it may stop.
    pub should_shut_down: bool,
}

impl Operation for BrokerHeartbeat {
    type Reply = Result<HeartbeatReply, Refusal>;
    const ATOMIC: bool = false;

    fn decide(&self, controller: &Controller, context: &mut Context<'_>) -> Decision<Self::Reply> {
        let Some(broker) = controller.image().broker(self.id) else {
            return Decision::nothing(Err(Refusal::BrokerNotRegistered(self.id)));
        };
        if broker.epoch != self.epoch {
            let (id, given) = (self.id, self.epoch);
            return Decision::nothing(Err(Refusal::StaleBrokerEpoch { id, given }));
        }
        context.soft.touch(self.id, self.epoch, context.now);
        let caught_up = self.metadata_end.is_some_and(|end| end.to_wire() > broker.epoch.to_wire());
        let mut change = BrokerChange::new(self.id, self.epoch);
        let mut records = Vec::new();
        self.note_lost(controller, context, broker, &mut change, &mut records);
        let (fenced, should_shut_down) = if self.want_shut_down {
            self.shut_down(controller, context, broker, &mut change, &mut records)
        } else if broker.fenced && !self.want_fence && caught_up {
            change.fenced = Some(false);
            controller.partition_updates(Cause::Back(self.id), context.rules, &mut records);
            (false, false)
        } else if !broker.fenced && self.want_fence {
            change.fenced = Some(true);
            controller.partition_updates(Cause::Gone(self.id), context.rules, &mut records);
            (true, false)
        } else {
            (broker.fenced, false)
        };
        if change != BrokerChange::new(self.id, self.epoch) {
            records.insert(0, MetadataRecord::BrokerRegistrationChange(change));
        }
        Decision { records, reply: Ok(HeartbeatReply { caught_up, fenced, should_shut_down }) }
    }
}

impl BrokerHeartbeat {
    /// Takes directories out of the registration that became unusable, and leadership from what lies in them.
    fn note_lost(
        &self,
        controller: &Controller,
        context: &Context<'_>,
        broker: &BrokerRegistration,
        change: &mut BrokerChange,
        records: &mut Vec<MetadataRecord>,
    ) {
        let is_online = |directory: &Uuid| !self.offline_log_dirs.contains(directory);
        let online: Vec<Uuid> = broker.log_dirs.iter().copied().filter(is_online).collect();
        // A broker that has none left stops by itself, and is fenced then.
        if self.offline_log_dirs.is_empty() || online.is_empty() {
            return;
        }
        if online.len() < broker.log_dirs.len() {
            change.log_dirs = Some(online);
        }
        // Each time: what lies in them may have been assigned since.
        let lost = LostDirectories { broker: self.id, directories: &self.offline_log_dirs };
        controller.directories_lost(lost, context.rules, records);
    }

    /// Moves leadership away; once nothing is led here, fences. Answers whether it is fenced and may stop.
    fn shut_down(
        &self,
        controller: &Controller,
        context: &Context<'_>,
        broker: &BrokerRegistration,
        change: &mut BrokerChange,
        records: &mut Vec<MetadataRecord>,
    ) -> (bool, bool) {
        if broker.fenced {
            return (true, true);
        }
        if !broker.in_controlled_shutdown {
            change.enters_controlled_shutdown = true;
            controller.partition_updates(Cause::Gone(self.id), context.rules, records);
            return (false, false);
        }
        let leads = controller
            .image()
            .topics()
            .flat_map(|topic| topic.partitions.values())
            .any(|partition| partition.leader == Some(self.id));
        if leads {
            return (false, false);
        }
        change.fenced = Some(true);
        (true, true)
    }
}

/// Fences the brokers that were silent for a whole session. Asked by the controller's own timer.
#[derive(Clone, Copy, Debug)]
pub struct FenceSilentBrokers;

impl Operation for FenceSilentBrokers {
    type Reply = Vec<BrokerId>;
    const ATOMIC: bool = false;

    fn decide(&self, controller: &Controller, context: &mut Context<'_>) -> Decision<Self::Reply> {
        let silent = context.soft.silent(context.now, controller.settings().session);
        let mut records = Vec::new();
        let mut fenced = Vec::new();
        for id in silent {
            context.soft.forget(id);
            let Some(broker) = controller.image().broker(id).filter(|broker| !broker.fenced) else {
                continue;
            };
            let mut change = BrokerChange::new(id, broker.epoch);
            change.fenced = Some(true);
            records.push(MetadataRecord::BrokerRegistrationChange(change));
            controller.partition_updates(Cause::Gone(id), context.rules, &mut records);
            fenced.push(id);
            // One at a time: the next decision must see what this one wrote.
            break;
        }
        Decision { records, reply: fenced }
    }
}

/// Takes a broker out for good.
#[derive(Clone, Copy, Debug)]
pub struct UnregisterBroker {
    pub id: BrokerId,
}

impl Operation for UnregisterBroker {
    type Reply = Result<(), Refusal>;
    const ATOMIC: bool = false;

    fn decide(&self, controller: &Controller, context: &mut Context<'_>) -> Decision<Self::Reply> {
        let Some(broker) = controller.image().broker(self.id) else {
            return Decision::nothing(Err(Refusal::BrokerNotRegistered(self.id)));
        };
        context.soft.forget(self.id);
        let mut records = Vec::new();
        controller.partition_updates(Cause::Gone(self.id), context.rules, &mut records);
        let epoch = broker.epoch;
        records.push(MetadataRecord::UnregisterBroker { id: self.id, epoch });
        Decision { records, reply: Ok(()) }
    }
}

#[cfg(test)]
mod tests;
