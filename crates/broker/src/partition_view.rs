use metadata::{Image, Partition};
use model::BrokerId;
use wire::ErrorCode;

use crate::endpoint::reachable;
use crate::{Broker, Client};

/// A partition as Metadata and DescribeTopicPartitions show it.
pub(crate) struct PartitionView {
    pub(crate) error: ErrorCode,
    /// `None` when nobody leads that the client could reach.
    pub(crate) leader: Option<BrokerId>,
    pub(crate) offline: Vec<i32>,
}

impl PartitionView {
    /// `listener_error`: whether the client's version knows the error of a listener that a live leader lacks.
    pub(crate) fn new(
        broker: &Broker,
        image: &Image,
        partition: &Partition,
        client: &Client,
        listener_error: bool,
    ) -> Self {
        let leader = partition.leader.filter(|leader| {
            has_online_replica(image, partition, *leader)
                && reachable(broker, image, *leader, client).is_some()
        });
        let error = match (leader, partition.leader) {
            (Some(_), _) => ErrorCode::None,
            (None, Some(leader))
                if has_online_replica(image, partition, leader) && listener_error =>
            {
                ErrorCode::ListenerNotFound
            }
            (None, _) => ErrorCode::LeaderNotAvailable,
        };
        let offline = |replica: &BrokerId| !has_online_replica(image, partition, *replica);
        let offline = partition.replicas.iter().copied().filter(offline);
        Self { error, leader, offline: offline.map(BrokerId::to_wire).collect() }
    }
}

/// Whether the broker is up and the replica's directory, if it is known, is online.
fn has_online_replica(image: &Image, partition: &Partition, replica: BrokerId) -> bool {
    let Some(broker) = image.broker(replica).filter(|broker| !broker.fenced) else { return false };
    let directory = partition.directory(replica);
    directory.is_none_or(|directory| {
        broker.log_dirs.is_empty()
            || broker.log_dirs.contains(&directory)
            || is_unassigned(directory)
    })
}

/// The broker never named its directories: nothing is known to be wrong with them.
fn is_unassigned(directory: model::Uuid) -> bool {
    u128::from_be_bytes(*directory.as_bytes()) == 2
}

pub(crate) fn ids(brokers: &[BrokerId]) -> Vec<i32> {
    brokers.iter().map(|id| id.to_wire()).collect()
}
