//! Load on a broker that is about to crash, and a look afterwards at whether it kept its promises.
//!
//! Producers (idempotent, acks=1 and acks=all, several requests open), a consumer that reads along and commits offsets,
//! and somebody who deletes records and makes and deletes topics. Every record says who sent it and which of his it is,
//! so that what is found can be held against what was sent, acknowledged and served.

mod admin;
mod check;
pub(crate) mod found;
pub(crate) mod pipeline;
mod plan;
mod producer;
mod reader;
mod stream;
mod value;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use model::SeededRandom;

use crate::Failed;

pub use check::Tally;

use admin::Admin;
use check::Partition;
use pipeline::{Pipeline, Trouble};
use plan::{PRODUCERS, TOPICS};
use producer::{Producer, Signals};
use reader::{Place, Reader};

/// How long a request may take before its connection is given up.
const PATIENCE: Duration = Duration::from_secs(20);

/// Which program is under load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    Ottla,
    ApacheKafka,
}

/// How the broker ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crash {
    /// The process dies; what it wrote is there.
    Kill,
    /// The machine does; what it did not sync may be gone.
    PowerCut,
}

#[derive(Debug)]
pub struct Load {
    program: Program,
    /// Topics are made anew from time to time, under other names.
    era: u32,
    producers: Vec<Producer>,
    reader: Reader,
    admin: Admin,
    /// Where the log of each partition ended when it was read last.
    ends: BTreeMap<Place, i64>,
    random: SeededRandom,
    commits_before: u64,
}

impl Load {
    pub fn new(program: Program, seed: u64) -> Self {
        let mut load = Self {
            program,
            era: 0,
            producers: Vec::new(),
            reader: Reader::new(),
            admin: Admin::new(0),
            ends: BTreeMap::new(),
            random: SeededRandom::new(seed),
            commits_before: 0,
        };
        load.begin();
        load
    }

    /// Producers and readers that know nothing.
    fn begin(&mut self) {
        let mut first = 0;
        self.producers.clear();
        for plan in 0..PRODUCERS.len() {
            let producer = Producer::new(plan, first, self.random.next_u64());
            first += u32::try_from(producer.streams.len()).unwrap_or(0);
            self.producers.push(producer);
        }
        self.reader = Reader::new();
        self.admin = Admin::new(self.random.next_u64());
        self.ends.clear();
        self.commits_before = 0;
    }

    /// Makes the topics.
    pub fn prepare(&self, address: &str) -> Result<(), Failed> {
        patiently(address, |connection| {
            let ottla = self.program == Program::Ottla;
            let topics = TOPICS.iter().map(|plan| plan.creatable(self.era, ottla)).collect();
            if admin::create(connection, topics)? {
                return Ok(());
            }
            Err(Failed("topics could not be made".into()).into())
        })
    }

    /// Deletes the topics and makes new ones.
    pub fn renew(&mut self, address: &str) -> Result<(), Failed> {
        patiently(address, |connection| {
            for plan in TOPICS {
                if !admin::delete(connection, &plan.name(self.era))? {
                    return Err(Failed("a topic could not be deleted".into()).into());
                }
            }
            Ok(())
        })?;
        self.era += 1;
        self.begin();
        self.prepare(address)
    }

    /// Load until so many records are acknowledged and so much time has passed; then `end` ends the broker under it.
    pub fn run_until<T>(
        &mut self,
        address: &str,
        acknowledged: u64,
        time: Duration,
        end: impl FnOnce() -> Result<T, Failed>,
    ) -> Result<T, Failed> {
        let signals = Signals::default();
        let (era, began) = (self.era, Instant::now());
        let Self { producers, reader, admin, .. } = self;
        let signals = &signals;
        let (in_time, ended) = thread::scope(|scope| {
            let mut threads = Vec::new();
            for producer in producers {
                threads.push(scope.spawn(move || producer.run(address, era, signals, PATIENCE)));
            }
            threads.push(scope.spawn(move || reader.run(address, era, signals, PATIENCE)));
            threads.push(scope.spawn(move || admin.run(address, era, signals, PATIENCE)));
            let held = || signals.acknowledged.load(Ordering::Relaxed) >= acknowledged;
            while !(held() && began.elapsed() >= time) && began.elapsed() < 2 * PATIENCE {
                thread::sleep(Duration::from_millis(1));
            }
            let in_time = held();
            let ended = end();
            signals.stop.store(true, Ordering::Relaxed);
            for thread in threads {
                thread.join().map_err(|_| Failed("a client thread panicked".into()))??;
            }
            Ok::<_, Failed>((in_time, ended))
        })?;
        if !in_time {
            let refusals = self.refusals();
            return Err(Failed(format!(
                "not even {acknowledged} records were acknowledged; codes and how often: {refusals:?}"
            )));
        }
        ended
    }

    /// Reads everything and holds it against what is known; what was found is what is known from then on.
    pub fn check(&mut self, address: &str, crash: Crash) -> Result<Tally, Failed> {
        let mut tally = Tally::default();
        for producer in &mut self.producers {
            for stream in &producer.streams {
                tally.in_doubt += stream.open_records();
            }
            if producer.forgotten > 0 {
                let text =
                    format!("{} times a producer was not known any more", producer.forgotten);
                tally.wrong.push(text);
                producer.forgotten = 0;
            }
        }
        tally.commits = self.reader.commits - self.commits_before;
        self.commits_before = self.reader.commits;
        tally.record_deletions = std::mem::take(&mut self.admin.record_deletions);
        tally.topic_deletions = std::mem::take(&mut self.admin.topic_deletions);
        for (topic, plan) in TOPICS.iter().enumerate() {
            for partition in 0..plan.partition_count {
                self.check_partition(address, (topic, partition), crash, &mut tally)?;
            }
        }
        let era = self.era;
        let lost = patiently(address, |connection| self.reader.check_commits(connection, era))?;
        tally.wrong.extend(lost);
        let wrong = patiently(address, |connection| self.admin.check_passing(connection))?;
        tally.wrong.extend(wrong);
        Ok(tally)
    }

    fn check_partition(
        &mut self,
        address: &str,
        place: Place,
        crash: Crash,
        tally: &mut Tally,
    ) -> Result<(), Failed> {
        let (topic, partition) = place;
        let plan = &TOPICS[topic];
        let name = plan.name(self.era);
        let found = patiently(address, |connection| found::read_all(connection, &name, partition))?;
        let streams = self.producers.iter_mut().flat_map(|producer| &mut producer.streams);
        let streams = streams.filter(|stream| (stream.topic, stream.partition) == place);
        let no_progress = reader::Progress::default();
        let progress = self.reader.progress.get(&place).unwrap_or(&no_progress);
        let unpromised = crash == Crash::PowerCut && !plan.durable;
        let mut checked = Partition {
            name: format!("{name}-{partition}"),
            streams: streams.collect(),
            start: self.admin.starts.get(&place).copied().unwrap_or_default(),
            served: &progress.served,
            end_before: self.ends.get(&place).copied().unwrap_or(0),
            promised: !unpromised,
        };
        let lost_before = tally.lost;
        checked.check(&found, tally);
        if unpromised || tally.lost > lost_before {
            checked.streams.iter_mut().for_each(|stream| stream.begin_anew());
        }
        self.ends.insert(place, found.end);
        self.admin
            .starts
            .insert(place, admin::Start { at_least: found.log_start, at_most: found.log_start });
        if let Some(progress) = self.reader.progress.get_mut(&place) {
            progress.served = found.records;
            progress.next = found.end;
        }
        Ok(())
    }

    /// Records that were acknowledged so far, in topics of this era.
    pub fn acknowledged(&self) -> u64 {
        let streams = self.producers.iter().flat_map(|producer| &producer.streams);
        let batches = streams.flat_map(|stream| &stream.acknowledged);
        batches.map(|batch| u64::from(batch.count)).sum()
    }

    /// What producers were refused with, and how often.
    pub fn refusals(&self) -> BTreeMap<i16, u64> {
        let mut all = BTreeMap::new();
        for (code, count) in self.producers.iter().flat_map(|producer| &producer.refusals) {
            *all.entry(*code).or_default() += count;
        }
        all
    }
}

/// Does `step` on a new connection, again while a broker that has just started is not ready for it.
pub(crate) fn patiently<T>(
    address: &str,
    mut step: impl FnMut(&mut Pipeline) -> Result<T, Trouble>,
) -> Result<T, Failed> {
    let end = Instant::now() + 3 * PATIENCE;
    loop {
        let connected = Pipeline::connect(address, PATIENCE);
        match connected.and_then(|mut connection| step(&mut connection)) {
            Ok(done) => return Ok(done),
            Err(Trouble::Broken(failed)) if Instant::now() > end => return Err(failed),
            Err(Trouble::Gone) if Instant::now() > end => {
                return Err(Failed("the broker does not answer".into()));
            }
            Err(_) => thread::sleep(Duration::from_millis(10)),
        }
    }
}
