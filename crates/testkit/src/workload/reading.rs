//! What readers of committed records are given, and what the coordinator says that groups have committed.

use std::collections::BTreeMap;

use model::{Offset, ProducerId};
use sim::{Page, read_committed};
use wire::messages::OffsetFetchRequest;
use wire::messages::offset_fetch_request::{OffsetFetchRequestGroup, OffsetFetchRequestTopics};

use super::calls::{NONE, surely, worst};
use super::member::Member;
use super::setup::{COPIERS, INPUT};
use super::world::{World, broken};
use crate::Failed;
use crate::load::found;
use crate::load::pipeline::{Pipeline, Trouble};

/// Knows members of groups, and topics by name.
const OFFSET_FETCH_VERSION: i16 = 9;
const READ_COMMITTED: i8 = 1;

/// Committed records from these offsets on, by partition; those that cannot be read now are left out.
pub(super) fn read(
    world: &World,
    connection: &mut Pipeline,
    topic: &str,
    from: &BTreeMap<i32, i64>,
) -> Result<BTreeMap<i32, Page>, Trouble> {
    let asked = from.iter().map(|(partition, offset)| (topic.to_owned(), *partition, *offset));
    let mut request = found::fetch_request(asked, 20);
    request.isolation_level = READ_COMMITTED;
    let mut pages = BTreeMap::new();
    for (_, answer) in found::fetch(connection, &request)? {
        let partition = answer.partition_index;
        if answer.error_code != NONE {
            world.refused("Fetch", answer.error_code);
            continue;
        }
        let aborted = answer.aborted_transactions.unwrap_or_default().into_iter();
        let aborted = aborted.filter_map(|it| {
            Some((Offset::from_wire(it.first_offset)?, ProducerId::from_wire(it.producer_id)?))
        });
        let offset = from.get(&partition).copied().and_then(Offset::from_wire);
        let offset =
            offset.ok_or_else(|| Failed(format!("partition {partition} was not asked for")))?;
        let bytes = answer.records.unwrap_or_default();
        let page = read_committed(&bytes, aborted.collect(), offset).map_err(broken)?;
        pages.insert(partition, page);
    }
    Ok(pages)
}

/// What the consumer group has committed of these partitions of the input, as one of its members or from outside; 0 for nothing.
/// `None` while transactions that are open may change it.
pub(super) fn committed(
    world: &World,
    connection: &mut Pipeline,
    member: Option<&Member>,
    partitions: &[i32],
) -> Result<Option<BTreeMap<i32, i64>>, Trouble> {
    let topic = OffsetFetchRequestTopics {
        name: INPUT.into(),
        partition_indexes: partitions.to_vec(),
        ..OffsetFetchRequestTopics::default()
    };
    let group = OffsetFetchRequestGroup {
        group_id: COPIERS.into(),
        member_id: member.map(|member| member.id.clone()),
        member_epoch: member.map_or(-1, |member| member.epoch),
        topics: Some(vec![topic]),
    };
    let request = OffsetFetchRequest {
        groups: vec![group],
        require_stable: member.is_some(),
        ..OffsetFetchRequest::default()
    };
    let answer = surely(world, connection, (&request, OFFSET_FETCH_VERSION), |answer| {
        worst(answer.groups.iter().map(|group| group.error_code))
    })?;
    let topics = answer.groups.iter().flat_map(|group| &group.topics);
    let mut offsets = BTreeMap::new();
    for partition in topics.flat_map(|topic| &topic.partitions) {
        if partition.error_code != NONE {
            world.refused("OffsetFetch", partition.error_code);
            return Ok(None);
        }
        offsets.insert(partition.partition_index, partition.committed_offset.max(0));
    }
    Ok(Some(offsets))
}
