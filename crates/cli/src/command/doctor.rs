//! `ottla doctor`: what is wrong with a cluster, one line for each finding, with the command that helps.

mod groups;
mod hot_keys;
mod storage;

use client::Client;
use serde_json::{Value, json};

use super::partitions;
use super::txn::{Held, held_back};
use crate::cluster::ClusterArguments;
use crate::error::{CliError, Result};
use crate::output::{self, Format};
use crate::place::{now_millis, show_span};

#[derive(Clone, Debug, clap::Args)]
pub struct DoctorArguments {
    #[command(flatten)]
    cluster: ClusterArguments,
}

/// One thing that is wrong.
#[derive(Debug)]
pub(super) struct Finding {
    /// What kind of trouble it is, in a word or two.
    pub(super) what: &'static str,
    /// Where it is.
    pub(super) subject: String,
    /// What it was seen by.
    pub(super) evidence: String,
    /// What helps.
    pub(super) command: String,
}

/// What can only be looked for on Ottla.
const UNCHECKED: &str =
    "the server is not Ottla: rebalance storms and stalled groups were not looked for";

/// An open transaction is told of when it is older than this: most end within a minute.
const TRANSACTION_AGE_MAX_MS: i64 = 5 * 60_000;

pub(crate) async fn run(arguments: DoctorArguments) -> Result<()> {
    let format = arguments.cluster.output;
    let client = arguments.cluster.connect().await?;
    let directories = client.log_directories().await?;
    let mut findings = storage::check(&client, &directories).await?;
    findings.extend(hot_keys::check(&client, &directories).await?);
    findings.extend(transactions(&client).await?);
    let of_groups = groups::check(&client).await?;
    let unchecked = of_groups.is_none().then_some(UNCHECKED);
    findings.extend(of_groups.unwrap_or_default());
    match format {
        Format::Table => print(&findings)?,
        Format::Json => {
            let found: Vec<Value> = findings.iter().map(finding_json).collect();
            output::print_json(&json!({ "findings": found, "unchecked": unchecked }))?;
        }
    }
    if let Some(unchecked) = unchecked.filter(|_| format == Format::Table) {
        output::complain(unchecked);
    }
    if findings.is_empty() { Ok(()) } else { Err(CliError::Findings) }
}

fn print(findings: &[Finding]) -> Result<()> {
    if findings.is_empty() {
        return output::print("Nothing is wrong.\n");
    }
    for Finding { what, subject, evidence, command } in findings {
        output::print(&format!("{what}: {subject}: {evidence}; {command}\n"))?;
    }
    Ok(())
}

fn finding_json(it: &Finding) -> Value {
    json!({
        "what": it.what, "subject": it.subject, "evidence": it.evidence, "command": it.command,
    })
}

/// Transactions that hang, or are open for long.
async fn transactions(client: &Client) -> Result<Vec<Finding>> {
    let metadata = client.all_topics().await?;
    let mut all = Vec::new();
    for (name, topic) in &metadata.topics {
        let Ok(name) = model::TopicName::new(name) else { continue };
        let led = |index: i32| metadata.leader(name.as_str(), index).is_some();
        let of_topic = partitions(&name, topic.partitions.len());
        all.extend(of_topic.into_iter().filter(|it| led(it.partition.to_wire())));
    }
    let now = now_millis();
    Ok(held_back(client, &all).await?.iter().filter_map(|held| transaction(held, now)).collect())
}

fn transaction(held: &Held, now: i64) -> Option<Finding> {
    let open = held.open.as_ref()?;
    let age = held.since().map(|since| (now - since.as_millis()).max(0));
    let is_old = age.is_some_and(|age| age > TRANSACTION_AGE_MAX_MS);
    if !held.is_hanging() && !is_old {
        return None;
    }
    let behind = held.high_watermark.to_wire() - held.last_stable.to_wire();
    let since = age.map_or_else(|| "a time that is not known".to_owned(), show_span);
    let producer = open.producer_id;
    Some(Finding {
        what: if held.is_hanging() { "hanging transaction" } else { "old transaction" },
        subject: held.partition.to_string(),
        evidence: format!(
            "producer {producer} holds back {behind} records from offset {} for {since}",
            held.last_stable
        ),
        command: held.remedy()?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::txn::tests::held;
    use super::*;

    #[test]
    fn a_hanging_transaction_is_told_at_once_and_an_open_one_when_it_is_old() {
        let hanging = transaction(&held(None), 10).unwrap();
        assert_eq!((hanging.what, hanging.subject.as_str()), ("hanging transaction", "orders-0"));
        assert!(hanging.evidence.contains("9 records from offset 0 for 2ms"), "{hanging:?}");
        assert!(hanging.command.starts_with("ottla txn abort --topic orders"));
        let open = held(Some("Ongoing"));
        assert!(transaction(&open, 60_000).is_none());
        assert_eq!(transaction(&open, 400_000).unwrap().what, "old transaction");
    }
}
