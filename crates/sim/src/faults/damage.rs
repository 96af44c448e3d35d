use std::path::Path;
use std::time::Duration;

use io::{Rot, RotKind, SimDisk};
use model::Offset;
use storage::Notice;

use super::{Ticket, World};
use crate::failure::Broken;
use crate::invariants;
use crate::node::Node;
use crate::stop::{Reason, Stop};
use crate::store::{WrittenGroup, is_data};
use crate::stored::{LogContents, StoredBatch};

/// What became of damage.
enum Outcome {
    Found,
    Harmless,
}

/// Files of which every bit is vouched for by a checksum, or is made again from what is. Kafka's text files have none:
/// a log start or a topic id with a bit turned over is another one that is as good.
fn is_promised(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    !["log-start-offset-checkpoint", "partition.metadata"].contains(&name)
}

impl World<'_> {
    /// Between two lives: copies of the disk rot, each in another place, and are started on.
    pub(super) fn rot(&mut self) -> Result<(), Broken> {
        let mut truth = None;
        for _ in 0..self.options.damages {
            let copy = self.healthy_copy();
            let rot = if self.random.one_in(3) {
                copy.misdirect_a_write(&mut self.random, is_data)
            } else {
                copy.flip_any_bit(&mut self.random, is_promised)
            };
            let Some(rot) = rot else { continue };
            if truth.is_none() {
                truth = Some(self.truth()?);
            }
            let Some(truth) = &truth else { continue };
            self.rotten(&copy, &rot, truth)?;
        }
        Ok(())
    }

    fn healthy_copy(&self) -> SimDisk {
        let copy = self.disk.fork();
        copy.clear_faults();
        copy.set_capacity(None);
        copy.slow_syncs(0, Duration::ZERO);
        copy
    }

    /// What the disk holds without damage.
    fn truth(&self) -> Result<LogContents, Broken> {
        let opened = self.start_on(self.healthy_copy()).and_then(|mut node| node.contents());
        opened.map_err(|stop| match stop {
            Stop::Broken(broken) => broken,
            Stop::Storage(refusal) => refusal.into(),
            Stop::PowerCut => Broken::crash("power cut on a copy"),
        })
    }

    fn rotten(&mut self, disk: &SimDisk, rot: &Rot, truth: &LogContents) -> Result<(), Broken> {
        match rot.kind {
            RotKind::Flip => self.summary.flips += 1,
            RotKind::Misdirected => self.summary.misdirected += 1,
        }
        let end = self.must_survive(rot, truth);
        let judged = match self.start_on(disk.clone()) {
            Ok(node) => self.judge(&node, truth, end),
            Err(stop) => Err(stop),
        };
        let outcome = match judged {
            Ok(outcome) => outcome,
            Err(Stop::Storage(refusal)) if refusal.reason == Reason::Corrupt => {
                self.trace.line(format_args!("found: {}", refusal.text));
                Outcome::Found
            }
            Err(stop) => return Err(explain(stop, rot)),
        };
        match outcome {
            Outcome::Found => self.summary.damage_found += 1,
            Outcome::Harmless => self.summary.damage_harmless += 1,
        }
        Ok(())
    }

    /// Up to where the damaged log must reach if nobody complains.
    fn must_survive(&mut self, rot: &Rot, truth: &LogContents) -> Offset {
        let touches = |group: &&WrittenGroup| {
            rot.places.iter().any(|(path, range)| {
                *path == group.path
                    && range.start < group.place.end
                    && range.end > group.place.start
            })
        };
        // Of the last group nothing can tell whether it was never there; nor of those before it, if they go with it.
        if let Some(last) = self.groups.iter().rev().take_while(touches).last() {
            self.summary.damage_to_the_last_group += 1;
            return last.end_before;
        }
        // What nobody was told of may be gone with the damage as well as with the crash.
        self.durable_end.min(truth.log_end)
    }

    fn judge(
        &self,
        node: &Node<Ticket>,
        truth: &LogContents,
        end: Offset,
    ) -> Result<Outcome, Stop> {
        let store = node.store();
        let ignored = |notice: &Notice| matches!(notice, Notice::DirectoryIgnored { .. });
        if store.notices().iter().any(ignored) {
            return Ok(Outcome::Found);
        }
        let log = node.log();
        let mut damaged = LogContents {
            log_start: log.log_start(),
            high_watermark: log.high_watermark(),
            log_end: log.log_end(),
            batches: Vec::new(),
        };
        invariants::damage_cuts_nothing(truth, &damaged, end)?;
        let mut next = damaged.log_start;
        while next < damaged.log_end {
            let bytes = store.read(next, damaged.log_end, 4_000)?;
            let served = StoredBatch::parse_all(&bytes)?;
            let was_sent = |batch: &StoredBatch| self.check_sent(batch).is_ok();
            invariants::damage_is_not_served(truth, next, &served, was_sent)?;
            let Some(last) = served.last().filter(|last| last.end > next) else {
                let text = format!("nothing is served at {next} of ..{}", damaged.log_end);
                return Err(Broken::correctness("damage_is_found", text).into());
            };
            next = last.end;
            damaged.batches.extend(served);
        }
        for batch in &damaged.batches {
            invariants::offsets_are_found(store, &damaged, batch)?;
        }
        // Where a log start was lost with the last group, segments between may be gone already.
        if damaged.log_start == truth.log_start {
            invariants::producers_agree(log.producers(), &damaged)?;
        }
        Ok(Outcome::Harmless)
    }
}

fn explain(stop: Stop, rot: &Rot) -> Broken {
    let mut broken = match stop {
        Stop::Broken(broken) => broken,
        Stop::Storage(refusal) => refusal.into(),
        Stop::PowerCut => Broken::crash("power cut on a copy"),
    };
    broken.text = format!("{} (after {rot:?})", broken.text);
    broken
}
