use std::collections::BTreeMap;

use model::{Offset, ProducerEpoch, ProducerId};
use record::BatchHeader;
use replica::{ProducerState, ProducerStates};

/// The last that each active producer wrote: its batch stays, if need be without records, because its sequence and epoch are
/// what the next batch is checked against after a restart.
#[derive(Clone, Debug, Default)]
pub struct LastRecords(BTreeMap<ProducerId, (Option<Offset>, ProducerEpoch)>);

impl LastRecords {
    pub fn of(producers: &ProducerStates) -> Self {
        let last = |state: &ProducerState| state.window().last().map(|batch| batch.last_offset);
        Self(producers.iter().map(|(id, state)| (id, (last(state), state.epoch()))).collect())
    }

    pub(super) fn needs(&self, header: &BatchHeader) -> bool {
        let Some(producer) = header.producer() else { return false };
        match self.0.get(&producer.id) {
            Some((Some(last), _)) => header.last_offset() == *last,
            // Nothing but markers: they have its epoch.
            Some((None, epoch)) => header.attributes().is_control() && producer.epoch == *epoch,
            None => false,
        }
    }
}
