//! A consumer that reads along, remembers what it was given, and commits how far it is.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use wire::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use wire::messages::offset_fetch_request::OffsetFetchRequestTopic;
use wire::messages::{FindCoordinatorRequest, OffsetCommitRequest, OffsetFetchRequest};

use super::found::{self, Served};
use super::pipeline::{Pipeline, Trouble, unless_gone};
use super::plan::TOPICS;
use super::producer::Signals;
use crate::Failed;

const GROUP: &str = "along";
const NONE: i16 = 0;
const OFFSET_OUT_OF_RANGE: i16 = 1;
const COORDINATOR_LOAD_IN_PROGRESS: i16 = 14;

/// Of one partition.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Records that were served, of durable topics; none of them may ever be missing again.
    pub(super) served: Vec<Served>,
    pub(super) next: i64,
    /// The offset whose commit was acknowledged last.
    pub(super) committed: Option<i64>,
    /// Offsets, since then, whose commit has no answer or was answered with an error: each may have happened.
    pub(super) maybe: Vec<i64>,
}

/// By index of the topic and partition.
pub(super) type Place = (usize, i32);

#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) progress: BTreeMap<Place, Progress>,
    pub(super) commits: u64,
}

impl Reader {
    pub(super) fn new() -> Self {
        let mut reader = Self::default();
        for (topic, plan) in TOPICS.iter().enumerate().filter(|(_, plan)| plan.durable) {
            for partition in 0..plan.partition_count {
                reader.progress.insert((topic, partition), Progress::default());
            }
        }
        reader
    }

    /// Reads until told to stop or until the broker is gone.
    pub(super) fn run(
        &mut self,
        address: &str,
        era: u32,
        signals: &Signals,
        patience: Duration,
    ) -> Result<(), Failed> {
        let Ok(mut connection) = Pipeline::connect(address, patience) else { return Ok(()) };
        // The first who looks for it has the topic of the offsets made.
        let found = find_coordinator(&mut connection, signals);
        if found.is_err() {
            return unless_gone(found);
        }
        while !signals.stop.load(Ordering::Relaxed) {
            let step =
                self.read(&mut connection, era).and_then(|()| self.commit(&mut connection, era));
            if step.is_err() {
                return unless_gone(step);
            }
        }
        Ok(())
    }

    fn read(&mut self, connection: &mut Pipeline, era: u32) -> Result<(), Trouble> {
        let asked = self.progress.iter().map(|((topic, partition), progress)| {
            (TOPICS[*topic].name(era), *partition, progress.next)
        });
        for (name, answer) in found::fetch(connection, &found::fetch_request(asked, 50))? {
            let topic = TOPICS.iter().position(|plan| plan.name(era) == name);
            let place = (topic.unwrap_or(usize::MAX), answer.partition_index);
            let Some(progress) = self.progress.get_mut(&place) else { continue };
            if answer.error_code == OFFSET_OUT_OF_RANGE {
                // Records were deleted before they were read.
                let (name, partition) = (TOPICS[place.0].name(era), place.1);
                let start = found::bound(connection, &name, partition, found::EARLIEST)?;
                progress.next = start.unwrap_or(progress.next);
            }
            if answer.error_code != NONE {
                continue;
            }
            let records = found::records(&answer.records.unwrap_or_default(), progress.next)?;
            if let Some((last, _)) = records.last() {
                progress.next = last + 1;
            }
            progress.served.extend(records);
        }
        Ok(())
    }

    fn commit(&mut self, connection: &mut Pipeline, era: u32) -> Result<(), Trouble> {
        let mut topics: BTreeMap<usize, Vec<OffsetCommitRequestPartition>> = BTreeMap::new();
        for ((topic, partition), progress) in &mut self.progress {
            progress.maybe.push(progress.next);
            topics.entry(*topic).or_default().push(OffsetCommitRequestPartition {
                partition_index: *partition,
                committed_offset: progress.next,
                committed_leader_epoch: -1,
                ..OffsetCommitRequestPartition::default()
            });
        }
        let topics = topics.into_iter().map(|(topic, partitions)| OffsetCommitRequestTopic {
            name: TOPICS[topic].name(era),
            partitions,
            ..OffsetCommitRequestTopic::default()
        });
        let request = OffsetCommitRequest {
            group_id: GROUP.into(),
            generation_id_or_member_epoch: -1,
            topics: topics.collect(),
            ..OffsetCommitRequest::default()
        };
        let answer = connection.call(&request, 8)?;
        for topic in &answer.topics {
            let index = TOPICS.iter().position(|plan| plan.name(era) == topic.name);
            for partition in &topic.partitions {
                let place = (index.unwrap_or(usize::MAX), partition.partition_index);
                let Some(progress) = self.progress.get_mut(&place) else { continue };
                match partition.error_code {
                    NONE => {
                        progress.committed = progress.maybe.last().copied();
                        progress.maybe.clear();
                        self.commits += 1;
                    }
                    // Refused before anything was tried: this one must not show, an earlier one without an answer may.
                    COORDINATOR_LOAD_IN_PROGRESS => {
                        progress.maybe.pop();
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Compares the committed offsets with what the broker says they are; gives those that are lost, in words.
    pub(super) fn check_commits(
        &mut self,
        connection: &mut Pipeline,
        era: u32,
    ) -> Result<Vec<String>, Trouble> {
        let names = TOPICS.iter().enumerate().filter(|(_, plan)| plan.durable);
        let topics: Vec<_> = names
            .map(|(_, plan)| OffsetFetchRequestTopic {
                name: plan.name(era),
                partition_indexes: (0..plan.partition_count).collect(),
            })
            .collect();
        let request = OffsetFetchRequest {
            group_id: GROUP.into(),
            topics: Some(topics),
            ..OffsetFetchRequest::default()
        };
        find_coordinator(connection, &Signals::default())?;
        let answer = connection.call(&request, 7)?;
        if answer.error_code != NONE {
            // It has still to load.
            return Err(Failed(format!("fetch offsets: code {}", answer.error_code)).into());
        }
        let mut lost = Vec::new();
        for topic in &answer.topics {
            let index = TOPICS.iter().position(|plan| plan.name(era) == topic.name);
            for partition in &topic.partitions {
                let place = (index.unwrap_or(usize::MAX), partition.partition_index);
                let Some(progress) = self.progress.get_mut(&place) else { continue };
                let found = (partition.committed_offset >= 0).then_some(partition.committed_offset);
                let good = found == progress.committed
                    || found.is_some_and(|at| progress.maybe.contains(&at));
                if !good || partition.error_code != NONE {
                    lost.push(format!(
                        "committed offset of {}-{}: {found:?} instead of {:?} (open: {:?}), code {}",
                        topic.name, partition.partition_index, progress.committed, progress.maybe,
                        partition.error_code
                    ));
                }
                progress.committed = found;
                progress.maybe.clear();
            }
        }
        Ok(lost)
    }
}

fn find_coordinator(connection: &mut Pipeline, signals: &Signals) -> Result<(), Trouble> {
    let request = FindCoordinatorRequest { key: GROUP.into(), ..FindCoordinatorRequest::default() };
    while connection.call(&request, 3)?.error_code != NONE {
        if signals.stop.load(Ordering::Relaxed) {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}
