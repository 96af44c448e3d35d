use std::collections::{BTreeMap, HashMap};

use client::{
    Client, Isolation, ListedOffset, OffsetQuery, OpenTransaction, TransactionDescription,
};
use model::{Offset, PartitionIndex, Timestamp, TopicPartition};
use serde_json::{Value, json};

use crate::command::{partitions, say_leaderless, topic_name};
use crate::error::Result;
use crate::output::{self, Format, Table};
use crate::place::{now_millis, show_span, show_time};

/// What holds back the last stable offset of a partition.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) partition: TopicPartition,
    pub(crate) last_stable: Offset,
    pub(crate) high_watermark: Offset,
    /// The first of those that are open there; `None` if it ended meanwhile.
    pub(crate) open: Option<OpenTransaction>,
    pub(crate) others: usize,
    /// As its coordinator knows it; `None` if no coordinator knows a transaction that is open there.
    pub(crate) transaction: Option<TransactionDescription>,
    /// Whether every coordinator was asked.
    pub(crate) is_certain: bool,
}

impl Held {
    /// No coordinator will ever end it.
    pub(crate) fn is_hanging(&self) -> bool {
        self.open.is_some() && self.transaction.is_none() && self.is_certain
    }

    /// It waits only for the coordinator to write its markers.
    fn is_ending(&self) -> bool {
        self.transaction.as_ref().is_some_and(|it| it.state.starts_with("Prepare"))
    }

    /// Since when, as far as it is known: the start of the transaction, or the last that its producer wrote.
    pub(crate) fn since(&self) -> Option<Timestamp> {
        let started = self.transaction.as_ref().and_then(|it| it.started_at);
        started.or_else(|| self.open.as_ref()?.last_at)
    }

    pub(crate) fn verdict(&self) -> &'static str {
        match (&self.open, self.is_hanging(), self.is_ending()) {
            (None, ..) => "ended meanwhile",
            (_, true, _) => "hanging: no coordinator will end it",
            (.., true) => "ending: its markers are being written",
            _ if self.transaction.is_none() => {
                "open: a partition of __transaction_state has no leader"
            }
            _ => "open",
        }
    }

    /// What ends it. `None` where nothing needs to be done.
    pub(crate) fn remedy(&self) -> Option<String> {
        let open = self.open.as_ref()?;
        if self.is_ending() {
            return None;
        }
        Some(match &self.transaction {
            Some(transaction) => {
                format!("ottla txn abort {}", quoted(&transaction.transactional_id))
            }
            // Its coordinator may know it, and ends it once it is back.
            None if !self.is_certain => return None,
            None => {
                let (topic, partition) = (&self.partition.topic, self.partition.partition);
                let start = open.start;
                format!(
                    "ottla txn abort --topic {topic} --partition {partition} --start-offset {start}"
                )
            }
        })
    }
}

/// As a shell takes it.
fn quoted(text: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_.:/@".contains(it);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

pub(super) async fn run(
    client: &Client,
    format: Format,
    topic: &str,
    partition: Option<i32>,
) -> Result<()> {
    let name = topic_name(topic)?;
    let metadata = client.topics(&[topic], false).await?;
    let count = metadata.topics.get(topic).map_or(0, |topic| topic.partitions.len());
    let mut asked = partitions(&name, count);
    if let Some(index) = partition {
        asked.retain(|it| it.partition.to_wire() == index);
        if asked.is_empty() {
            let (topic, partition) = (topic.to_owned(), index);
            return Err(client::ClientError::UnknownPartition { topic, partition, count }.into());
        }
    }
    let held = held_back(client, &asked).await?;
    say_leaderless(client, &asked, "what is held back there is not known");
    if held.is_empty() && format == Format::Table {
        output::complain(&format!("No transaction holds back {topic}."));
        return Ok(());
    }
    output::show(format, || Value::Array(held.iter().map(held_json).collect()), || table(&held))
}

fn end(ends: &HashMap<TopicPartition, ListedOffset>, partition: &TopicPartition) -> Option<Offset> {
    ends.get(partition).and_then(|listed| listed.offset)
}

/// The partitions whose last stable offset is held back. Those without a leader are left out: nobody can read them anyway.
pub(crate) async fn held_back(client: &Client, asked: &[TopicPartition]) -> Result<Vec<Held>> {
    let queries: Vec<_> = asked.iter().map(|it| (it.clone(), OffsetQuery::Latest)).collect();
    // In this order: what is stable at first lies below what is written later.
    let stable = client.list_led_offsets(&queries, Isolation::Committed).await?;
    let written = client.list_led_offsets(&queries, Isolation::Uncommitted).await?;
    let blocked: Vec<TopicPartition> =
        asked.iter().filter(|it| is_held(end(&stable, it), end(&written, it))).cloned().collect();
    if blocked.is_empty() {
        return Ok(Vec::new());
    }
    let mut open = client.open_transactions(&blocked).await?;
    let mut producers: Vec<i64> = open.values().flatten().map(|it| it.producer_id).collect();
    producers.sort_unstable();
    producers.dedup();
    let known = match producers.is_empty() {
        true => BTreeMap::new(),
        false => client.transactions_of(&producers).await?,
    };
    let is_certain = client.transaction_coordinators_are_led().await?;
    let held = |partition: TopicPartition| {
        let found = open.remove(&partition).unwrap_or_default();
        let first = found.first().cloned();
        let transaction = first.as_ref().and_then(|open| known.get(&open.producer_id));
        Some(Held {
            last_stable: end(&stable, &partition)?,
            high_watermark: end(&written, &partition)?,
            others: found.len().saturating_sub(1),
            transaction: transaction.filter(|it| is_in(it, &partition)).cloned(),
            open: first,
            is_certain,
            partition,
        })
    };
    Ok(blocked.into_iter().filter_map(held).collect())
}

/// What is not known of a partition that just lost its leader is no difference.
fn is_held(stable: Option<Offset>, written: Option<Offset>) -> bool {
    stable.zip(written).is_some_and(|(stable, written)| stable < written)
}

/// Whether the coordinator has a transaction open that it will end in the partition.
fn is_in(transaction: &TransactionDescription, partition: &TopicPartition) -> bool {
    let is_open = !matches!(
        transaction.state.as_str(),
        "Empty" | "CompleteCommit" | "CompleteAbort" | "Dead"
    );
    is_open && transaction.partitions.contains(partition)
}

fn table(held: &[Held]) -> Table {
    let mut table = Table::new(&[
        "TOPIC",
        "PARTITION",
        "LAST-STABLE-OFFSET",
        "LOG-END-OFFSET",
        "TRANSACTIONAL-ID",
        "PRODUCER-ID",
        "STATE",
        "SINCE",
        "FOR",
        "WHAT-ENDS-IT",
    ]);
    let dash = || "-".to_owned();
    let now = now_millis();
    for it in held {
        let since = it.since();
        table.row([
            it.partition.topic.to_string(),
            it.partition.partition.to_string(),
            it.last_stable.to_string(),
            it.high_watermark.to_string(),
            it.transaction.as_ref().map_or_else(dash, |it| it.transactional_id.clone()),
            it.open.as_ref().map_or_else(dash, |it| it.producer_id.to_string()),
            it.verdict().to_owned(),
            since.map_or_else(dash, show_time),
            since.map_or_else(dash, |it| show_span((now - it.as_millis()).max(0))),
            it.remedy().unwrap_or_else(dash),
        ]);
    }
    table
}

fn held_json(held: &Held) -> Value {
    let transaction = held.transaction.as_ref();
    let open = held.open.as_ref();
    json!({
        "topic": held.partition.topic.as_str(),
        "partition": PartitionIndex::to_wire(held.partition.partition),
        "last_stable_offset": held.last_stable.to_wire(),
        "log_end_offset": held.high_watermark.to_wire(),
        "start_offset": open.map(|it| it.start.to_wire()),
        "producer_id": open.map(|it| it.producer_id),
        "producer_epoch": open.map(|it| it.producer_epoch),
        "other_open_transactions": held.others,
        "transactional_id": transaction.map(|it| it.transactional_id.as_str()),
        "state": transaction.map(|it| it.state.as_str()),
        "timeout_ms": transaction.map(|it| it.timeout_ms),
        "since_ms": held.since().map(Timestamp::as_millis),
        "hanging": held.is_hanging(),
        "remedy": held.remedy(),
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use model::TopicName;

    pub(crate) fn held(state: Option<&str>) -> Held {
        let partition = TopicPartition {
            topic: TopicName::new("orders").unwrap(),
            partition: PartitionIndex::ZERO,
        };
        let transaction = |state: &str| TransactionDescription {
            transactional_id: "pay ments".to_owned(),
            state: state.to_owned(),
            producer_id: 7,
            producer_epoch: 1,
            timeout_ms: 60_000,
            started_at: Timestamp::from_millis(5),
            partitions: vec![partition.clone()],
        };
        Held {
            last_stable: Offset::ZERO,
            high_watermark: Offset::from_wire(9).unwrap(),
            open: Some(OpenTransaction {
                start: Offset::from_wire(3).unwrap(),
                producer_id: 7,
                producer_epoch: 1,
                coordinator_epoch: -1,
                last_at: Timestamp::from_millis(8),
            }),
            others: 0,
            is_certain: true,
            transaction: state.map(transaction).filter(|it| is_in(it, &partition)),
            partition,
        }
    }

    #[test]
    fn a_transaction_hangs_only_when_every_coordinator_was_asked() {
        let unknown = Held { is_certain: false, ..held(None) };
        assert!(!unknown.is_hanging());
        assert_eq!(unknown.remedy(), None, "its coordinator may end it");
        assert!(unknown.verdict().contains("has no leader"));
        assert!(held(None).is_hanging());
    }

    #[test]
    fn what_ends_a_transaction_depends_on_what_its_coordinator_knows() {
        let open = held(Some("Ongoing"));
        assert_eq!((open.verdict(), open.since()), ("open", Timestamp::from_millis(5)));
        assert_eq!(open.remedy().unwrap(), "ottla txn abort 'pay ments'");
        let ending = held(Some("PrepareAbort"));
        assert_eq!((ending.remedy(), ending.is_hanging()), (None, false));
        for hanging in [held(None), held(Some("CompleteCommit"))] {
            assert!(hanging.is_hanging());
            assert_eq!(hanging.since(), Timestamp::from_millis(8));
            let remedy = hanging.remedy().unwrap();
            let expected = "ottla txn abort --topic orders --partition 0 --start-offset 3";
            assert_eq!(remedy, expected);
        }
    }

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        assert_eq!(quoted("payments-1"), "payments-1");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
    }
}
