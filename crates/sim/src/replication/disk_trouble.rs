//! What disks do to a cluster: reads, writes and syncs that fail, no room, slow syncs, and rot while nobody runs.

use std::path::Path;
use std::time::Duration;

use io::{Clock, Fault, SimDisk};
use model::{Instant, SeededRandom, Sequence};
use record::BatchView;
use storage::LaneState;

use super::member::Member;
use super::{MayCome, World, broker_id};
use crate::failure::Broken;
use crate::invariants;
use crate::stop::{Reason, Refusal, Stop};
use crate::store::{PATH, is_data};
use crate::stored::raw;

impl World<'_> {
    /// One call of one disk fails.
    pub(super) fn order_fault(&mut self) {
        let index = self.any_broker();
        let (fault, calls) = match self.random.below(3) {
            0 => (Fault::Read, self.random.below(6)),
            1 => (Fault::Write, self.random.below(40)),
            _ => (Fault::Sync, self.random.below(15)),
        };
        self.members[index].disk().fail_once(Path::new(PATH), fault, calls);
        self.trace.line(format_args!("broker {index}: a {fault:?} fails after {calls}"));
    }

    /// A disk gets full, or slow, or has room again and is fast.
    pub(super) fn change_disk(&mut self) {
        let index = self.any_broker();
        let disk = self.members[index].disk();
        match self.random.below(4) {
            0 => {
                let room = self.random.below(20_000);
                disk.set_capacity(Some(disk.used() + room));
                self.trace.line(format_args!("broker {index}: {room} bytes are free"));
            }
            1 => {
                disk.slow_syncs(4, Duration::from_secs(2));
                self.trace.line(format_args!("broker {index}: syncs are slow"));
            }
            _ => {
                disk.slow_syncs(0, Duration::ZERO);
                disk.set_capacity(None);
            }
        }
    }

    pub(super) fn heal_disk(&mut self, index: usize) {
        let disk = self.members[index].disk();
        disk.clear_faults();
        disk.set_capacity(None);
        disk.slow_syncs(0, Duration::ZERO);
    }

    /// Storage says that it cannot: whether it may.
    pub(super) fn refused(&mut self, index: usize, refusal: Refusal) -> Result<(), Broken> {
        let now = self.clock.now();
        match refusal.reason {
            Reason::Full if !self.members[index].is_down() => {
                self.summary.filled += 1;
                self.members[index].refuse_waiting();
            }
            Reason::Full | Reason::Failed | Reason::Offline => {
                self.summary.failures += 1;
                self.trace.line(format_args!("broker {index} failed: {}", refusal.text));
                let down = Duration::from_millis(100 + self.random.below(3_000));
                let loses_cache = self.random.one_in(2);
                self.members[index].fail(now.plus(down), loses_cache)?;
                self.controller.suspect(index, now.plus(Duration::from_secs(1)));
            }
            Reason::Corrupt if self.members[index].rot.is_some() => {
                self.found_at_a_read(index, &refusal.text);
            }
            Reason::Corrupt => {
                return Err(self.members[index].explain(refusal.into()));
            }
        }
        Ok(())
    }

    /// What rotted lay where no start looks, and is found when it is read. The broker gets a new disk, but for the only one
    /// that is in sync: then nobody has what it had.
    fn found_at_a_read(&mut self, index: usize, text: &str) {
        self.trace.line(format_args!("broker {index} found {:?}: {text}", self.members[index].rot));
        self.summary.found_late += 1;
        if self.controller.state().in_sync == [broker_id(index)] {
            self.is_lost = true;
            return;
        }
        let before = self.controller.state().clone();
        self.controller.is_dead(index);
        self.announce(&before);
        let disk = SimDisk::new(self.random.next_u64());
        let down = Duration::from_millis(100 + self.random.below(3_000));
        self.members[index].end_life(self.clock.now().plus(down));
        self.members[index].replace_disk(disk);
    }

    /// A broker that is not in sync starts, now and then on a disk that rotted meanwhile. It notices, or it does no harm;
    /// if it notices it gets a new disk.
    pub(super) fn start_member(&mut self, index: usize) -> Result<(), Stop> {
        self.trace.line(format_args!("broker {index} starts"));
        let is_needed = self.controller.state().in_sync.contains(&broker_id(index));
        if !is_needed && self.random.one_in(4) {
            self.summary.rotten += u64::from(self.members[index].rot(&mut self.random));
        }
        let may_come = self.may_come()?;
        let deleted_to = self.history.deleted_to;
        let started = self.members[index].start(&may_come, deleted_to);
        let Some(rot) = self.members[index].rot.clone().filter(|_| !is_needed) else {
            return started;
        };
        match started {
            Err(Stop::Storage(Refusal { reason: Reason::Corrupt, text })) => {
                self.trace.line(format_args!("broker {index} found {rot:?}: {text}"));
                self.summary.disks_replaced += 1;
                let disk = SimDisk::new(self.random.next_u64());
                self.members[index].replace_disk(disk);
                Ok(())
            }
            Err(Stop::Broken(broken)) => Err(self.members[index].explain(broken).into()),
            other => other,
        }
    }
}

impl World<'_> {
    pub(super) fn may_come(&self) -> Result<MayCome, Broken> {
        let mut batches = MayCome::new();
        for sent in self.producers.iter().flat_map(|producer| producer.in_flight()) {
            let view = BatchView::parse(&sent.bytes).map_err(Broken::crash)?;
            let header = view.header();
            let last = |first: Option<Sequence>| {
                raw(first.map(|first| first.plus(header.last_offset_delta())))
            };
            batches.extend(header.producer().map(|by| (by.id, last(by.base_sequence))));
        }
        Ok(batches)
    }
}

impl Member {
    /// Says whose log it is, and what rotted there.
    pub(super) fn explain(&self, broken: Broken) -> Broken {
        let text = format!("broker {}: {} (rot: {:?})", self.index, broken.text, self.rot);
        Broken { text, ..broken }
    }

    pub(super) fn refuse_waiting(&mut self) {
        if let Some(node) = &mut self.node {
            node.refuse_waiting();
        }
    }

    /// Its disk failed: it writes nothing more, and dies. `loses_cache`: its machine too.
    fn fail(&mut self, starts_at: Instant, loses_cache: bool) -> Result<(), Broken> {
        if let Some(node) = &mut self.node {
            if node.state() != LaneState::Failed {
                let text = "a directory whose disk failed is not offline";
                return Err(Broken::correctness("failed_stays_failed", text));
            }
            // What the committer had begun goes on, and may fail too.
            node.write_group();
            let _: Result<(), Stop> = node.end_group();
            let before = self.disk.operations();
            let _ = [node.begin_group(), node.end_group(), node.drain(), node.checkpoint()];
            invariants::failed_writes_nothing(before, self.disk.operations())?;
        }
        invariants::no_sync_is_tried_again(self.disk.troubles().syncs_again)?;
        self.end_life(starts_at);
        self.disk.clear_faults();
        self.disk.set_capacity(None);
        if loses_cache {
            self.disk.power_on();
        } else {
            self.disk.restart();
        }
        Ok(())
    }

    /// Once is enough for a disk.
    fn rot(&mut self, random: &mut SeededRandom) -> bool {
        if self.rot.is_some() {
            return false;
        }
        self.rot = if random.one_in(3) {
            self.disk.misdirect_a_write(random, is_data)
        } else {
            self.disk.flip_any_bit(random, is_data)
        };
        self.is_rotten = self.rot.is_some();
        self.is_rotten
    }

    fn replace_disk(&mut self, disk: SimDisk) {
        self.disk = disk;
        self.rot = None;
        self.is_rotten = false;
        self.cut_away.clear();
        self.producers_before = replica::ProducerStates::default();
    }
}
