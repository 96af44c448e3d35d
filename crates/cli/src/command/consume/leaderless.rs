use std::collections::HashMap;
use std::time::Duration;

use client::{Client, ClientError, Metadata, Start};
use model::{Offset, TopicPartition};
use tokio::time::Instant;

use crate::error::{CliError, Result};
use crate::output;

/// How often it is asked who leads them.
const ASK_INTERVAL: Duration = Duration::from_secs(1);

/// How often that is asked before they are left out: a new topic has no leaders for a moment.
const ASK_COUNT: u32 = 3;

/// Partitions that nobody leads, and that therefore cannot be read: the others must not wait for them.
#[derive(Debug)]
pub(super) struct Leaderless {
    partitions: Vec<TopicPartition>,
    ask_at: Instant,
}

impl Leaderless {
    /// Takes them out of `chosen`, which are all of one topic, and names them on standard error.
    pub(super) async fn take_from(
        chosen: &mut Vec<TopicPartition>,
        client: &Client,
        mut metadata: Metadata,
    ) -> Result<Self> {
        for _ in 0..ASK_COUNT {
            let Some(without) = chosen.iter().find(|it| !is_led(&metadata, it)) else { break };
            tokio::time::sleep(ASK_INTERVAL / ASK_COUNT).await;
            metadata = client.topics(&[without.topic.as_str()], false).await?;
        }
        let partitions = chosen.extract_if(.., |it| !is_led(&metadata, it)).collect();
        let it = Self { partitions, ask_at: Instant::now() + ASK_INTERVAL };
        for partition in &it.partitions {
            output::complain(&format!(
                "{partition} has no leader: it is left out until it has one"
            ));
        }
        Ok(it)
    }

    /// For a command that ends where the topic does: that place is not known of them.
    pub(super) fn refuse(&self) -> Result<()> {
        match self.partitions.first() {
            Some(first) => Err(CliError::Client(ClientError::NoLeader(first.clone()))),
            None => Ok(()),
        }
    }

    /// Waits until some are led, and gives them. Cancel-safe.
    pub(super) async fn next(&mut self, client: &Client) -> Vec<TopicPartition> {
        loop {
            let Some(first) = self.partitions.first() else {
                return std::future::pending().await;
            };
            tokio::time::sleep_until(self.ask_at).await;
            let asked = client.topics(&[first.topic.as_str()], false).await;
            self.ask_at = Instant::now() + ASK_INTERVAL;
            // Its failure shows where the others are read.
            let Ok(metadata) = asked else { continue };
            let led: Vec<_> = self.partitions.extract_if(.., |it| is_led(&metadata, it)).collect();
            if !led.is_empty() {
                return led;
            }
        }
    }

    /// They lost their leader again.
    pub(super) fn put_back(&mut self, partitions: Vec<TopicPartition>) {
        self.partitions.extend(partitions);
    }
}

/// Ends once nothing but partitions without a leader is left of `ends`, and stays so for a while. Whoever reads them asks all
/// the while who leads them. Cancel-safe.
pub(super) async fn only_these_left(
    client: &Client,
    ends: Option<&HashMap<TopicPartition, Offset>>,
) {
    let Some(ends) = ends else { return std::future::pending().await };
    let mut seen = 0;
    while seen < ASK_COUNT {
        tokio::time::sleep(ASK_INTERVAL).await;
        let left: Vec<_> = ends.keys().cloned().collect();
        let is_lost = client.leaderless_of(&left).len() == left.len();
        seen = if is_lost { seen + 1 } else { 0 };
    }
}

fn is_led(metadata: &Metadata, partition: &TopicPartition) -> bool {
    metadata.leader(partition.topic.as_str(), partition.partition.to_wire()).is_some()
}

/// Where all of them begin.
pub(super) fn starts(partitions: &[TopicPartition], start: Start) -> Vec<(TopicPartition, Start)> {
    partitions.iter().map(|it| (it.clone(), start)).collect()
}
