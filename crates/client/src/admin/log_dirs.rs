use model::TopicPartition;
use wire::messages::DescribeLogDirsRequest;

use super::groups::place;
use crate::error_map::Refused;
use crate::{Client, Result, Target};

/// A data directory of a broker.
#[derive(Clone, Debug)]
pub struct LogDirectory {
    pub broker: i32,
    pub path: String,
    /// Why nothing is known of it, if so.
    pub error: Option<Refused>,
    /// Bytes of the file system; `None` from brokers older than 3.3.
    pub total_bytes: Option<i64>,
    pub usable_bytes: Option<i64>,
    /// What lies in it, with its bytes.
    pub partitions: Vec<(TopicPartition, i64)>,
}

impl Client {
    /// The data directories of all brokers.
    pub async fn log_directories(&self) -> Result<Vec<LogDirectory>> {
        let mut found = Vec::new();
        for broker in self.fetch_metadata(Some(&[]), false).await?.brokers.into_keys() {
            let request = DescribeLogDirsRequest { topics: None };
            let subject = || format!("data directories of broker {broker}");
            let response = self
                .request(Target::Broker(broker), &request, |response| {
                    Ok(Refused::check(response.error_code, subject, None)?)
                })
                .await?;
            found.extend(response.results.into_iter().map(|it| {
                let partitions = it.topics.iter().flat_map(|topic| {
                    topic.partitions.iter().filter(|part| !part.is_future_key).filter_map(|part| {
                        Some((place(&topic.name, part.partition_index)?, part.partition_size))
                    })
                });
                let known = |bytes: i64| (bytes >= 0).then_some(bytes);
                LogDirectory {
                    broker,
                    error: Refused::check(it.error_code, || it.log_dir.clone(), None).err(),
                    total_bytes: known(it.total_bytes),
                    usable_bytes: known(it.usable_bytes),
                    partitions: partitions.collect(),
                    path: it.log_dir.clone(),
                }
            }));
        }
        Ok(found)
    }
}
