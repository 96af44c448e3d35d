//! As a member of a share group: what is printed is accepted.

use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;

use client::{
    Acknowledgements, AcquireMode, Client, ShareConfig, ShareConsumer, ShareFetched, SharePolled,
    Unacknowledged,
};
use model::TopicName;
use record::Decompressor;

use super::idle::Idle;
use super::print::Printer;
use super::{ConsumeArguments, Interrupts};
use crate::error::{CliError, Result};
use crate::limits::FETCH_SIZE_MAX;
use crate::output;

pub(super) async fn run(
    client: &Client,
    topic: &TopicName,
    group: &str,
    arguments: &ConsumeArguments,
    printer: &Printer,
) -> Result<()> {
    // Who names a topic that is not there hears so.
    client.topics(&[topic.as_str()], false).await?;
    let mut left = arguments.count;
    let config = ShareConfig {
        fetch_size_max: FETCH_SIZE_MAX,
        mode: if left.is_some() { AcquireMode::Records } else { AcquireMode::Batches },
        ..ShareConfig::new(group, vec![topic.to_string()])
    };
    let record_count_max = config.record_count_max;
    let mut consumer = ShareConsumer::new(client.clone(), config);
    let mut interrupts = Interrupts::new()?;
    let mut idle = Idle::new(arguments.idle);
    let mut out = BufWriter::with_capacity(256 << 10, io::stdout().lock());
    let mut decompressor = Decompressor::new();
    let result = loop {
        if let Some(left) = left {
            if left == 0 {
                break Ok(());
            }
            // What is handed out beyond them others would have to wait for.
            let wanted = i32::try_from(left).unwrap_or(i32::MAX);
            consumer.set_record_count_max(wanted.min(record_count_max));
        }
        let polled = tokio::select! {
            biased;
            () = interrupts.next() => break Ok(()),
            polled = consumer.next() => polled,
            () = idle.is_over() => break Ok(()),
        };
        match polled {
            Ok(SharePolled::Assigned(partitions)) => {
                if !partitions.is_empty() {
                    idle.begin();
                }
            }
            Ok(SharePolled::Fetched(fetched)) => {
                match print_all(printer, &fetched, &mut left, &mut decompressor, &mut out) {
                    Ok(acknowledgements) => consumer.acknowledge(&fetched, acknowledgements),
                    Err(error) => break Err(error),
                }
                idle.begin();
            }
            Ok(SharePolled::Unacknowledged(unacknowledged)) => say(&unacknowledged),
            Err(error) => break Err(error.into()),
        }
    };
    // What was printed is accepted, whatever ended it.
    let closed = consumer.close().await.map_err(CliError::from);
    let closed = closed.and_then(|unacknowledged| {
        unacknowledged.iter().for_each(say);
        match unacknowledged.into_iter().next() {
            Some(first) => Err(first.reason.into()),
            None => Ok(()),
        }
    });
    result.and(closed)
}

fn say(Unacknowledged { partition, reason }: &Unacknowledged) {
    output::complain(&format!("records of {partition} that were printed come again: {reason}"));
}

/// Prints what is wanted of an answer; gives what became of it.
fn print_all(
    printer: &Printer,
    fetched: &ShareFetched,
    left: &mut Option<u64>,
    decompressor: &mut Decompressor,
    out: &mut impl Write,
) -> Result<Acknowledgements> {
    if *left == Some(0) {
        return Ok(fetched.release());
    }
    let mut written = Ok(());
    let said = fetched.visit(decompressor, |record, delivery_count| {
        written = printer.print(&fetched.partition, record, Some(delivery_count), out);
        if let Some(left) = left {
            *left -= 1;
        }
        if written.is_err() || *left == Some(0) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    written
        .and_then(|()| out.flush())
        .map_err(|source| CliError::io("write to standard output", source))?;
    Ok(said)
}
