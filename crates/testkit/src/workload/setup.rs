//! What the broker of the workload is set to, and the topics and groups.

use std::time::Duration;

use model::Uuid;
use sim::{Checker, ShareRules};
use wire::messages::create_topics_request::CreatableTopic;
use wire::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use wire::messages::{CreateTopicsRequest, FindCoordinatorRequest, IncrementalAlterConfigsRequest};

use super::world::World;
use super::{INPUT_COUNT, OUTPUT_COUNT};
use crate::Failed;
use crate::load::patiently;
use crate::load::pipeline::Trouble;

pub(super) const INPUT: &str = "input";
pub(super) const OUTPUT: &str = "output";
pub(super) const COPIERS: &str = "copiers";
pub(super) const SHARERS: &str = "sharers";
pub(super) const TRANSACTION_TIMEOUT_MS: i32 = 5_000;
const RULES: ShareRules = ShareRules { lock: Duration::from_secs(2), delivery_count_limit: 10 };
const GROUP_RESOURCE: i8 = 32;

/// Those who are silent are taken for dead soon, so that it happens in a short run.
pub(super) const SETTINGS: &[&str] = &[
    "group.consumer.min.session.timeout.ms=1000",
    "group.consumer.session.timeout.ms=3000",
    "group.consumer.min.heartbeat.interval.ms=100",
    "group.consumer.heartbeat.interval.ms=500",
    "group.share.min.session.timeout.ms=1000",
    "group.share.session.timeout.ms=3000",
    "group.share.min.heartbeat.interval.ms=100",
    "group.share.heartbeat.interval.ms=500",
    "group.share.min.record.lock.duration.ms=1000",
    "group.share.record.lock.duration.ms=2000",
    "group.share.delivery.count.limit=10",
    "transaction.abort.timed.out.transaction.cleanup.interval.ms=500",
    "group.coordinator.rebalance.protocols=classic,consumer,share,streams",
];

pub(super) fn prepare(address: &str) -> Result<World, Failed> {
    let ids = patiently(address, |connection| {
        let topics = [(INPUT, INPUT_COUNT), (OUTPUT, OUTPUT_COUNT)];
        let topics = topics.map(|(name, num_partitions)| CreatableTopic {
            name: name.into(),
            num_partitions,
            replication_factor: 1,
            ..CreatableTopic::default()
        });
        let request = CreateTopicsRequest {
            topics: topics.to_vec(),
            timeout_ms: 10_000,
            ..CreateTopicsRequest::default()
        };
        let answer = connection.call(&request, 7)?;
        let id = |name: &str| {
            let topic = answer.topics.iter().find(|topic| topic.name == name);
            topic.filter(|topic| topic.error_code == 0).map(|topic| topic.topic_id)
        };
        match (id(INPUT), id(OUTPUT)) {
            (Some(input), Some(output)) => Ok((input, output)),
            _ => Err(Failed(format!("topics could not be made: {:?}", answer.topics)).into()),
        }
    })?;
    let (input, output): (Uuid, Uuid) = ids;
    patiently(address, |connection| {
        let configs =
            [("share.isolation.level", "read_committed"), ("share.auto.offset.reset", "earliest")];
        let configs = configs.map(|(name, value)| AlterableConfig {
            name: name.into(),
            config_operation: 0,
            value: Some(value.into()),
        });
        let resource = AlterConfigsResource {
            resource_type: GROUP_RESOURCE,
            resource_name: SHARERS.into(),
            configs: configs.to_vec(),
        };
        let request =
            IncrementalAlterConfigsRequest { resources: vec![resource], validate_only: false };
        let answer = connection.call(&request, 1)?;
        match answer.responses.iter().find(|response| response.error_code != 0) {
            None => Ok(()),
            Some(refused) => Err(Failed(format!("the group's settings: {refused:?}")).into()),
        }
    })?;
    find_coordinators(address)?;
    Ok(World::new(address, Checker::with_share_group(RULES), input, output))
}

/// The first who looks for them has their topics made.
fn find_coordinators(address: &str) -> Result<(), Failed> {
    for (key, key_type) in [(COPIERS, 0), (SHARERS, 0), ("copier-0", 1)] {
        patiently(address, |connection| {
            let request = FindCoordinatorRequest {
                key: key.into(),
                key_type,
                ..FindCoordinatorRequest::default()
            };
            match connection.call(&request, 3)?.error_code {
                0 => Ok(()),
                _ => Err(Trouble::Gone),
            }
        })?;
    }
    Ok(())
}
