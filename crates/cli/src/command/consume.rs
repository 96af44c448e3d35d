//! Records on standard output.

mod idle;
mod leaderless;
mod print;
mod share;

use std::collections::HashMap;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;

use client::{
    Client, ClientError, Commit, Consumer, ConsumerConfig, Fetched, GroupConfig, GroupConsumer,
    Isolation, OffsetQuery, OutOfRange, Polled, Start,
};
use model::{Offset, TopicName, TopicPartition};
use record::Decompressor;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{partitions, topic_name};
use crate::cluster::ClusterArguments;
use crate::error::{CliError, Result};
use crate::limits::{COMMIT_INTERVAL, FETCH_SIZE_MAX};
use crate::output::{self, Format};
use crate::place::Place;
use idle::Idle;
use leaderless::{Leaderless, starts};
use print::{Printer, RecordForm, Shown};

#[derive(Clone, Debug, clap::Args)]
pub struct ConsumeArguments {
    /// The topic to read
    topic: String,
    /// Where to begin: beginning, end, an offset, or a time such as 2026-01-31T12:00:00Z, @MILLISECONDS or -15m. In a group it counts where the group has committed nothing
    #[arg(long, value_name = "PLACE", default_value = "beginning", allow_hyphen_values = true)]
    from: Place,
    /// End after so many records
    #[arg(long, short = 'c', value_name = "N")]
    count: Option<u64>,
    /// End where the topic ends now, instead of waiting for more
    #[arg(long, short = 'e')]
    until_end: bool,
    /// Share the topic with the other members of this group (by the range assignor, or as the others can), and commit what was printed
    #[arg(long, short = 'g', value_name = "GROUP")]
    group: Option<String>,
    /// Read as a member of this share group: it hands records out one by one to whichever member asks. What was printed is accepted, what was not is given back. A new share group begins where its setting share.auto.offset.reset says
    #[arg(long, short = 's', value_name = "GROUP", conflicts_with_all = ["group", "from", "until_end", "uncommitted"])]
    share: Option<String>,
    /// End after so many seconds without a record; in a group they count once this member has partitions
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    idle: Option<u64>,
    /// Read only this partition; may be repeated
    #[arg(long, short = 'p', value_name = "N", conflicts_with_all = ["group", "share"], value_parser = clap::value_parser!(i32).range(0..))]
    partition: Vec<i32>,
    /// How records are printed
    #[arg(long, short = 'f', value_enum)]
    format: Option<RecordForm>,
    /// In text, print these before the value, separated by commas
    #[arg(long, short = 'w', value_enum, value_delimiter = ',', value_name = "PARTS")]
    with: Vec<Shown>,
    /// In text, what stands between the parts of a record. \t is a tab
    #[arg(long, short = 'S', value_name = "TEXT", default_value = "\\t")]
    separator: String,
    /// Also records of transactions that are open or were aborted
    #[arg(long)]
    uncommitted: bool,
    #[command(flatten)]
    cluster: ClusterArguments,
}

/// Where records come from.
enum Source {
    Partitions(Box<Consumer>, Leaderless),
    Group(Box<GroupConsumer>),
}

enum Step {
    Fetched(Fetched),
    Assigned,
    /// Others read some of what was read here. What was printed is committed before.
    Revoked,
    Interrupted,
    /// No record has come for as long as was to be waited for one.
    Idle,
    /// What is left to read lost its leaders, and none came back for a while.
    Lost,
}

impl Source {
    /// Whether something that was asked for could not be read, when all the rest has been.
    fn unread(&self, end: &End) -> Result<()> {
        match (self, end.lost.first()) {
            _ if end.left == Some(0) => Ok(()),
            (_, Some(lost)) => Err(CliError::Client(ClientError::NoLeader(lost.clone()))),
            (Self::Partitions(_, leaderless), None) => leaderless.refuse(),
            (Self::Group(_), None) => Ok(()),
        }
    }
}

/// When to end.
struct End {
    left: Option<u64>,
    /// With --until-end, the partitions not read to their end yet, with that end.
    ends: Option<HashMap<TopicPartition, Offset>>,
    /// Partitions that lost their leader before they were read to their end.
    lost: Vec<TopicPartition>,
}

pub(crate) async fn run(arguments: ConsumeArguments) -> Result<()> {
    let topic = topic_name(&arguments.topic)?;
    let client = arguments.cluster.connect().await?;
    let isolation =
        if arguments.uncommitted { Isolation::Uncommitted } else { Isolation::Committed };
    let form = arguments.format.unwrap_or(match arguments.cluster.output {
        Format::Table => RecordForm::Text,
        Format::Json => RecordForm::Json,
    });
    let printer = Printer::new(form, &arguments.with, &arguments.separator);
    if let Some(group) = &arguments.share {
        return share::run(&client, &topic, group, &arguments, &printer).await;
    }
    let mut source = open(&client, &topic, &arguments, isolation).await?;
    let mut end = End { left: arguments.count, ends: None, lost: Vec::new() };
    if let (Source::Partitions(consumer, _), true) = (&source, arguments.until_end) {
        end.find(&client, consumer.positions(), isolation).await?;
    }
    let mut interrupts = Interrupts::new()?;
    let mut idle = Idle::new(arguments.idle);
    if let Source::Partitions(..) = source {
        idle.begin();
    }
    let mut out = BufWriter::with_capacity(256 << 10, io::stdout().lock());
    let mut decompressor = Decompressor::new();
    let result = loop {
        if end.is_reached() {
            break source.unread(&end);
        }
        let stepped = tokio::select! {
            biased;
            stepped = step(&client, &arguments, &mut source, &end, &mut interrupts) => stepped,
            () = idle.is_over() => Ok(Step::Idle),
        };
        let fetched = match stepped {
            Ok(Step::Fetched(fetched)) => fetched,
            Ok(Step::Interrupted | Step::Idle) => break Ok(()),
            Ok(Step::Assigned) => {
                idle.begin();
                if let (Source::Group(group), true) = (&source, arguments.until_end) {
                    end.find(&client, group.positions(), isolation).await?;
                }
                continue;
            }
            Ok(Step::Revoked) => continue,
            Ok(Step::Lost) => {
                end.lose_all();
                continue;
            }
            Err(error) => break Err(error),
        };
        match print_all(&printer, &fetched, &mut end, &mut decompressor, &mut out) {
            Ok(next) => {
                idle.begin();
                if let Source::Group(group) = &mut source {
                    group.mark(&fetched.partition, next);
                }
            }
            Err(error) => break Err(error),
        }
    };
    // What was printed is committed, whatever ended it.
    if let Source::Group(group) = source {
        let closed = group.close().await.map_err(CliError::from);
        result.and(closed)
    } else {
        result
    }
}

async fn open(
    client: &Client,
    topic: &TopicName,
    arguments: &ConsumeArguments,
    isolation: Isolation,
) -> Result<Source> {
    let config = ConsumerConfig {
        isolation,
        fetch_size_max: FETCH_SIZE_MAX,
        out_of_range: OutOfRange::Fail,
        ..ConsumerConfig::default()
    };
    let metadata = client.topics(&[topic.as_str()], false).await?;
    if let Some(group) = &arguments.group {
        let start = arguments.from.0;
        let out_of_range = match start {
            Start::End => OutOfRange::End,
            _ => OutOfRange::Beginning,
        };
        let config = ConsumerConfig { out_of_range, ..config };
        let group = GroupConfig {
            start: Some(start),
            commit: Commit::Marked(COMMIT_INTERVAL),
            ..GroupConfig::new(group, vec![topic.to_string()])
        };
        return Ok(Source::Group(Box::new(GroupConsumer::new(client.clone(), group, config)?)));
    }
    let known = metadata.topics.get(topic.as_str());
    let count = known.map_or(0, |topic| topic.partitions.len());
    let mut chosen = partitions(topic, count);
    if !arguments.partition.is_empty() {
        for asked in &arguments.partition {
            if !chosen.iter().any(|it| it.partition.to_wire() == *asked) {
                let topic = topic.to_string();
                return Err(CliError::Client(ClientError::UnknownPartition {
                    topic,
                    partition: *asked,
                    count,
                }));
            }
        }
        chosen.retain(|it| arguments.partition.contains(&it.partition.to_wire()));
    }
    let consumer = Consumer::new(client.clone(), config);
    let leaderless = Leaderless::take_from(&mut chosen, client, metadata).await?;
    consumer.assign(&starts(&chosen, arguments.from.0)).await?;
    Ok(Source::Partitions(Box::new(consumer), leaderless))
}

async fn step(
    client: &Client,
    arguments: &ConsumeArguments,
    source: &mut Source,
    end: &End,
    interrupts: &mut Interrupts,
) -> Result<Step> {
    tokio::select! {
        biased;
        () = interrupts.next() => Ok(Step::Interrupted),
        step = async {
            Ok(match source {
                Source::Partitions(consumer, leaderless) => tokio::select! {
                    fetched = consumer.next() => Step::Fetched(fetched?),
                    led = leaderless.next(client), if !arguments.until_end => {
                        match consumer.assign_more(&starts(&led, arguments.from.0)).await {
                            Err(error) if error.is_retriable() => leaderless.put_back(led),
                            assigned => assigned?,
                        }
                        Step::Assigned
                    }
                },
                Source::Group(group) => match group.next().await? {
                    Polled::Fetched(fetched) => Step::Fetched(fetched),
                    Polled::Assigned(_) => Step::Assigned,
                    Polled::Revoked(_) | Polled::Lost(_) => Step::Revoked,
                },
            })
        } => step,
        () = leaderless::only_these_left(client, end.ends.as_ref()) => Ok(Step::Lost),
    }
}

impl End {
    /// Which partitions have something to read now, and where they end. Those without a leader are lost.
    async fn find(
        &mut self,
        client: &Client,
        positions: HashMap<TopicPartition, Offset>,
        isolation: Isolation,
    ) -> Result<()> {
        let queries: Vec<_> =
            positions.keys().map(|partition| (partition.clone(), OffsetQuery::Latest)).collect();
        let listed = client.list_led_offsets(&queries, isolation).await?;
        let end = |(partition, listed): (&TopicPartition, &client::ListedOffset)| {
            let end = listed.offset?;
            (positions.get(partition)? < &end).then(|| (partition.clone(), end))
        };
        self.ends = Some(listed.iter().filter_map(end).collect());
        self.lost.clear();
        self.lose(positions.into_keys().filter(|it| !listed.contains_key(it)).collect());
        Ok(())
    }

    /// Nothing that is left can be read.
    fn lose_all(&mut self) {
        let left = self.ends.as_mut().map(std::mem::take).unwrap_or_default();
        self.lose(left.into_keys().collect());
    }

    fn lose(&mut self, mut partitions: Vec<TopicPartition>) {
        partitions.sort();
        for partition in &partitions {
            output::complain(&format!("{partition} has no leader: it was not read to its end"));
        }
        self.lost.extend(partitions);
    }

    fn is_reached(&self) -> bool {
        self.left == Some(0) || self.ends.as_ref().is_some_and(HashMap::is_empty)
    }

    /// The first offset that is not wanted.
    fn of(&self, partition: &TopicPartition) -> Option<Offset> {
        let ends = self.ends.as_ref()?;
        // A partition that is not there has been read to its end.
        Some(ends.get(partition).copied().unwrap_or(Offset::ZERO))
    }

    fn reached(&mut self, partition: &TopicPartition, next: Offset) {
        if let Some(ends) = &mut self.ends
            && ends.get(partition).is_some_and(|end| next >= *end)
        {
            ends.remove(partition);
        }
    }
}

/// Prints what is wanted of an answer; gives the offset after it.
fn print_all(
    printer: &Printer,
    fetched: &Fetched,
    end: &mut End,
    decompressor: &mut Decompressor,
    out: &mut impl Write,
) -> Result<Offset> {
    let stop = end.of(&fetched.partition);
    let mut written = Ok(());
    let mut unwanted = None;
    let left = &mut end.left;
    let next = fetched.visit(decompressor, |record| {
        if stop.is_some_and(|stop| record.offset >= stop) {
            unwanted = Some(record.offset);
            return ControlFlow::Break(());
        }
        written = printer.print(&fetched.partition, record, None, out);
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
    let next = unwanted.unwrap_or(next);
    end.reached(&fetched.partition, next);
    Ok(next)
}

/// Ctrl-C, or a polite kill.
struct Interrupts {
    interrupt: Signal,
    terminate: Signal,
}

impl Interrupts {
    fn new() -> Result<Self> {
        let open = |kind| signal(kind).map_err(|source| CliError::io("listen for signals", source));
        Ok(Self {
            interrupt: open(SignalKind::interrupt())?,
            terminate: open(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
