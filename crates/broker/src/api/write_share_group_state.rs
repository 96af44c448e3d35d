use std::sync::Arc;

use model::{LeaderEpoch, Offset};
use share::{DeliveryState, OffsetRange, StateBatch, StateEpoch, Write};
use wire::ErrorCode;
use wire::messages::write_share_group_state_request::{PartitionData, StateBatch as WireBatch};
use wire::messages::write_share_group_state_response::{PartitionResult, WriteStateResult};
use wire::messages::{WriteShareGroupStateRequest, WriteShareGroupStateResponse};

use super::share_group_state::{Refused, Said, ask_each, by_topic};
use crate::{Broker, ReplyTo, Request};

pub fn handle(broker: &Arc<Broker>, request: Request<WriteShareGroupStateRequest>, reply: ReplyTo) {
    let message = request.message;
    let (mut asked, mut wrong) = (Vec::new(), Vec::new());
    for topic in message.topics {
        for data in topic.partitions {
            let batches: Option<Vec<StateBatch>> = data.state_batches.iter().map(batch).collect();
            match batches {
                Some(batches) => asked.push((topic.topic_id, data.partition, (data, batches))),
                None => wrong.push(Said {
                    topic: topic.topic_id,
                    partition: data.partition,
                    result: Err(Refused {
                        error: ErrorCode::InvalidRequest,
                        why: "the state batches mean nothing".to_owned(),
                    }),
                }),
            }
        }
    }
    ask_each(
        broker,
        &message.group_id,
        asked,
        |shard, soft, now, key, (data, batches)| {
            let write = write(key, &data, batches);
            shard.write(soft, now, &write)
        },
        move |mut said| {
            said.extend(wrong);
            said.sort_by_key(|said| said.topic);
            let topic = |topic_id, said: Vec<Said<()>>| WriteStateResult {
                topic_id,
                partitions: said.into_iter().map(partition).collect(),
            };
            reply.send(&WriteShareGroupStateResponse { results: by_topic(said, topic) });
        },
    );
}

fn write(key: share::SharePartitionKey, data: &PartitionData, batches: Vec<StateBatch>) -> Write {
    Write {
        key,
        state_epoch: StateEpoch::from_wire(data.state_epoch).unwrap_or(StateEpoch::ZERO),
        leader_epoch: LeaderEpoch::from_wire(data.leader_epoch).unwrap_or(LeaderEpoch::ZERO),
        start_offset: Offset::from_wire(data.start_offset),
        delivery_complete_count: u32::try_from(data.delivery_complete_count).ok(),
        batches,
    }
}

fn batch(batch: &WireBatch) -> Option<StateBatch> {
    let (first, last) =
        (Offset::from_wire(batch.first_offset)?, Offset::from_wire(batch.last_offset)?);
    Some(StateBatch {
        range: OffsetRange::new(first, last)?,
        state: DeliveryState::from_wire(batch.delivery_state)?,
        delivery_count: u16::try_from(batch.delivery_count).ok()?,
    })
}

fn partition(said: Said<()>) -> PartitionResult {
    let refused = said.result.err();
    PartitionResult {
        partition: said.partition,
        error_code: refused.as_ref().map_or(ErrorCode::None, |refused| refused.error).code(),
        error_message: refused.map(|refused| refused.why),
    }
}
