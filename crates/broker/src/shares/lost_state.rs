//! A share-partition whose state the share coordinator does not have, although its group has had it set up: the batch that held
//! it is damaged. The group would never set it up again by itself, so that is done here, as for a partition that is new to it.

use std::sync::Arc;

use group::GroupEpoch;
use model::PartitionId;
use share::CoordinatorError;

use super::{SharedPartition, StateRefused, group_settings, opening, state};
use crate::Broker;
use crate::coordinator::Unavailable;
use crate::error_map;

/// There is no state to open it with. Who waits is told so, or finds it set up.
pub(super) fn not_found(broker: &Arc<Broker>, shared: Arc<SharedPartition>) {
    let key = shared.key();
    let (group, name) = (key.group.clone(), key.group.as_str().to_owned());
    let partition = PartitionId { topic: key.topic, partition: key.partition };
    let answering = Arc::clone(broker);
    broker.groups().decide(
        &name,
        move |shard, soft, _| shard.share_state_lost(soft, &group, partition),
        move |known| match known {
            Ok(Some(epoch)) => set_up(&answering, shared, epoch),
            Err(Unavailable::Loading | Unavailable::NotCommitted) => {
                opening::open_later(&answering, shared);
            }
            Ok(None) => {
                shared.opened(&answering, Err(error_map::share_coordinator_error(&NOT_THERE)));
            }
            Err(_) => shared.opened(&answering, Err(opening::UNREADABLE)),
        },
    );
}

const NOT_THERE: CoordinatorError = CoordinatorError::ReadUninitialized;

fn set_up(broker: &Arc<Broker>, shared: Arc<SharedPartition>, epoch: GroupEpoch) {
    let answering = Arc::clone(broker);
    let key = shared.key().clone();
    state::restore_state(broker, key, epoch, move |result| match result {
        // It was let go of: who wants it opens it anew.
        Ok(()) => {
            answering.shares().metrics().lost_states.add(1);
            let (group, partition) = (&shared.key().group, shared.partition().name());
            let reset = group_settings(&answering, group).auto_offset_reset;
            tracing::error!(
                %group, %partition, share.auto.offset.reset = %reset,
                "the state of the share-partition is lost, its group begins there as if it were new; to begin elsewhere, alter its offsets"
            );
        }
        Err(StateRefused::Unavailable(_)) => shared.opened(&answering, Err(opening::UNREADABLE)),
        Err(StateRefused::Refused(error)) => {
            shared.opened(&answering, Err(error_map::share_coordinator_error(&error)));
        }
    });
}
