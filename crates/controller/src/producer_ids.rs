use metadata::MetadataRecord;
use model::{BrokerEpoch, BrokerId, ProducerId};

use crate::controller::Controller;
use crate::limits::PRODUCER_ID_BLOCK_SIZE;
use crate::operation::{Context, Decision, Operation};
use crate::refusal::Refusal;

/// A broker asks for producer ids that nobody else has (KIP-730).
#[derive(Clone, Copy, Debug)]
pub struct AllocateProducerIds {
    pub broker: BrokerId,
    pub epoch: BrokerEpoch,
}

/// `count` ids from `first` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProducerIdBlock {
    pub first: ProducerId,
    pub count: u32,
}

impl Operation for AllocateProducerIds {
    type Reply = Result<ProducerIdBlock, Refusal>;

    fn decide(&self, controller: &Controller, _: &mut Context<'_>) -> Decision<Self::Reply> {
        match self.allocate(controller) {
            Err(refusal) => Decision::nothing(Err(refusal)),
            Ok((first, next)) => {
                let (broker, epoch) = (Some(self.broker), Some(self.epoch));
                let records = vec![MetadataRecord::ProducerIds { broker, epoch, next }];
                let block = ProducerIdBlock { first, count: PRODUCER_ID_BLOCK_SIZE };
                Decision { records, reply: Ok(block) }
            }
        }
    }
}

impl AllocateProducerIds {
    /// The first id of the block, and the first after it.
    fn allocate(&self, controller: &Controller) -> Result<(ProducerId, ProducerId), Refusal> {
        let image = controller.image();
        let broker = image.broker(self.broker);
        let broker = broker.ok_or(Refusal::BrokerNotRegistered(self.broker))?;
        if broker.epoch != self.epoch {
            let (id, given) = (self.broker, self.epoch);
            return Err(Refusal::StaleBrokerEpoch { id, given });
        }
        let raw = image.next_producer_id().map_or(0, ProducerId::to_wire);
        let next = raw.checked_add(i64::from(PRODUCER_ID_BLOCK_SIZE));
        let ids = ProducerId::from_wire(raw).zip(next.and_then(ProducerId::from_wire));
        ids.ok_or(Refusal::ProducerIdsExhausted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{World, id};

    #[test]
    fn blocks_follow_each_other_without_a_gap() {
        let mut world = World::new(2);
        let mut first = |raw: i32| {
            let epoch = BrokerEpoch::from_wire(i64::from(raw)).unwrap();
            world.reply(&AllocateProducerIds { broker: id(raw), epoch }).unwrap().first.to_wire()
        };
        assert_eq!((first(1), first(2), first(1)), (0, 1_000, 2_000));
    }

    #[test]
    fn an_older_life_of_a_broker_gets_none() {
        let mut world = World::new(1);
        let stale = AllocateProducerIds { broker: id(1), epoch: BrokerEpoch::ZERO };
        assert!(matches!(world.reply(&stale), Err(Refusal::StaleBrokerEpoch { .. })));
        let unknown = AllocateProducerIds { broker: id(7), epoch: BrokerEpoch::ZERO };
        assert_eq!(world.reply(&unknown), Err(Refusal::BrokerNotRegistered(id(7))));
    }
}
