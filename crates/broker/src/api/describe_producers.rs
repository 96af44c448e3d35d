use std::sync::Arc;

use model::{CoordinatorEpoch, Offset, PartitionIndex, Sequence, Timestamp};
use wire::messages::describe_producers_response::{
    PartitionResponse, ProducerState, TopicResponse,
};
use wire::messages::{DescribeProducersRequest, DescribeProducersResponse};

use crate::{Broker, PartitionError, ReplyTo, Request, error_map};

/// Which producers have written to partitions, and where their open transactions began (KIP-664).
pub fn handle(broker: &Arc<Broker>, request: Request<DescribeProducersRequest>, reply: ReplyTo) {
    let topics = request.message.topics.iter().map(|topic| TopicResponse {
        name: topic.name.clone(),
        partitions: topic
            .partition_indexes
            .iter()
            .map(|index| match producers(broker, &topic.name, *index) {
                Ok(active_producers) => PartitionResponse {
                    partition_index: *index,
                    active_producers,
                    ..PartitionResponse::default()
                },
                Err(error) => PartitionResponse {
                    partition_index: *index,
                    error_code: error_map::partition_error(&error).code(),
                    ..PartitionResponse::default()
                },
            })
            .collect(),
    });
    reply.send(&DescribeProducersResponse { throttle_time_ms: 0, topics: topics.collect() });
}

fn producers(
    broker: &Broker,
    topic: &str,
    index: i32,
) -> Result<Vec<ProducerState>, PartitionError> {
    let index = PartitionIndex::from_wire(index).ok_or(PartitionError::UnknownPartition)?;
    let partition = broker.partition_of(topic, index)?;
    let state = partition.lock();
    let producers = state.leader()?.log().producers();
    let described = producers.iter().map(|(id, producer)| ProducerState {
        producer_id: id.to_wire(),
        producer_epoch: i32::from(producer.epoch().to_wire()),
        last_sequence: producer.last_sequence().map_or(-1, Sequence::to_wire),
        last_timestamp: producer.last_timestamp().map_or(-1, Timestamp::as_millis),
        coordinator_epoch: producer.coordinator_epoch().map_or(-1, CoordinatorEpoch::to_wire),
        current_txn_start_offset: producer.transaction_first().map_or(-1, Offset::to_wire),
    });
    Ok(described.collect())
}
