use std::sync::Arc;

use model::{CoordinatorEpoch, PartitionIndex, TopicName};
use replica::MarkerEpochRule;
use txn::{PartitionKey, TransactionVersion};
use wire::ErrorCode;
use wire::messages::write_txn_markers_request::WritableTxnMarker;
use wire::messages::write_txn_markers_response::{
    WritableTxnMarkerPartitionResult, WritableTxnMarkerResult, WritableTxnMarkerTopicResult,
};
use wire::messages::{WriteTxnMarkersRequest, WriteTxnMarkersResponse};

use super::end_txn::producer_of;
use crate::coordinator::{Gather, Marker};
use crate::error_map::marker_not_written;
use crate::transactions::write_marker;
use crate::{Broker, ReplyTo, Request};

/// Ends transactions in partitions that this broker leads: asked for by other brokers' coordinators, and by an operator who
/// aborts a transaction that nobody ends.
pub fn handle(broker: &Arc<Broker>, request: Request<WriteTxnMarkersRequest>, reply: ReplyTo) {
    let markers = request.message.markers;
    let count = markers
        .iter()
        .flat_map(|marker| &marker.topics)
        .map(|topic| topic.partition_indexes.len())
        .sum();
    let asked = markers.clone();
    let gather = Gather::new(count, move |codes: Vec<ErrorCode>| {
        reply.send(&response(&asked, codes));
    });
    let mut index = 0;
    for asked in markers {
        let marker = marker(&asked);
        for topic in &asked.topics {
            for partition in &topic.partition_indexes {
                let part = gather.part(index);
                index += 1;
                match (marker, key(&topic.name, *partition)) {
                    (Some(marker), Some(key)) => {
                        write_marker(broker, &key, marker, move |result| {
                            let code = result.map_or_else(
                                |error| marker_not_written(&error),
                                |()| ErrorCode::None,
                            );
                            part.give(code);
                        });
                    }
                    (None, _) => part.give(ErrorCode::InvalidProducerEpoch),
                    (_, None) => part.give(ErrorCode::UnknownTopicOrPartition),
                }
            }
        }
    }
}

fn marker(asked: &WritableTxnMarker) -> Option<Marker> {
    let producer = producer_of(asked.producer_id, asked.producer_epoch).ok()?;
    let rules = TransactionVersion::from_level(i16::from(asked.transaction_version));
    Some(Marker {
        producer: producer.id,
        epoch: producer.epoch,
        committed: asked.transaction_result,
        // An operator's tool has none, and says so with a negative number.
        coordinator_epoch: CoordinatorEpoch::from_wire(asked.coordinator_epoch).unwrap_or_default(),
        epoch_rule: match rules.bumps_epoch() {
            true => MarkerEpochRule::Later,
            false => MarkerEpochRule::SameOrLater,
        },
    })
}

fn key(topic: &str, partition: i32) -> Option<PartitionKey> {
    let topic = TopicName::new(topic).ok()?;
    Some(PartitionKey { topic, partition: PartitionIndex::from_wire(partition)? })
}

fn response(asked: &[WritableTxnMarker], codes: Vec<ErrorCode>) -> WriteTxnMarkersResponse {
    let mut codes = codes.into_iter();
    let mut markers = Vec::with_capacity(asked.len());
    for marker in asked {
        let mut topics = Vec::with_capacity(marker.topics.len());
        for topic in &marker.topics {
            let partitions = topic.partition_indexes.iter().map(|partition_index| {
                WritableTxnMarkerPartitionResult {
                    partition_index: *partition_index,
                    error_code: codes.next().unwrap_or(ErrorCode::UnknownServerError).code(),
                }
            });
            let partitions = partitions.collect();
            topics.push(WritableTxnMarkerTopicResult { name: topic.name.clone(), partitions });
        }
        markers.push(WritableTxnMarkerResult { producer_id: marker.producer_id, topics });
    }
    WriteTxnMarkersResponse { markers }
}
