//! Where to begin: asks leaders for offsets.

use std::collections::HashMap;

use model::{Offset, TopicPartition};

use super::{Isolation, Start};
use crate::admin::OffsetQuery;
use crate::{Client, Result};

pub(super) async fn resolve(
    client: &Client,
    isolation: Isolation,
    starts: &[(TopicPartition, Start)],
) -> Result<HashMap<TopicPartition, Offset>> {
    let mut next = HashMap::new();
    let mut queries = Vec::new();
    for (partition, start) in starts {
        let query = match start {
            Start::At(offset) => {
                next.insert(partition.clone(), *offset);
                continue;
            }
            Start::Beginning => OffsetQuery::Earliest,
            Start::End => OffsetQuery::Latest,
            Start::Time(time) => OffsetQuery::Time(*time),
            Start::Ago(ago) => OffsetQuery::ago(*ago),
        };
        queries.push((partition.clone(), query));
    }
    let mut ends = Vec::new();
    for (partition, listed) in client.list_offsets(&queries, isolation).await? {
        match listed.offset {
            Some(offset) => {
                next.insert(partition, offset);
            }
            // No record is that young.
            None => ends.push((partition, OffsetQuery::Latest)),
        }
    }
    for (partition, listed) in client.list_offsets(&ends, isolation).await? {
        next.insert(partition, listed.offset.unwrap_or(Offset::ZERO));
    }
    Ok(next)
}
