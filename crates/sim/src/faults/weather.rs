use std::path::Path;
use std::time::Duration;

use io::Fault;
use storage::LaneState;

use super::{Ticket, World};
use crate::failure::Broken;
use crate::invariants;
use crate::node::Node;
use crate::stop::{Reason, Refusal, Stop};
use crate::store::PATH;

/// Looks for room after which it must have been found, once there is some.
const LOOKS_MAX: u64 = 20;

impl World<'_> {
    /// What will go wrong in the life that begins.
    pub(super) fn order_weather(&mut self) {
        self.disk.clear_faults();
        let path = Path::new(PATH);
        if let Some(operations) = self.options.cut_at.take() {
            self.disk.crash_after(operations);
            self.trace.line(format_args!("power goes after {operations} operations"));
            return;
        }
        match self.random.below(6) {
            0..3 => {
                let operations = 1 + self.random.below(300);
                self.disk.crash_after(operations);
                self.trace.line(format_args!("power goes after {operations} operations"));
            }
            3 => {
                let calls = self.random.below(12);
                self.disk.fail_once(path, Fault::Read, calls);
                self.trace.line(format_args!("a read fails after {calls}"));
            }
            4 => {
                let calls = self.random.below(150);
                self.disk.fail_once(path, Fault::Write, calls);
                self.trace.line(format_args!("a write fails after {calls}"));
            }
            _ => {
                let calls = self.random.below(60);
                self.disk.fail_once(path, Fault::Sync, calls);
                self.trace.line(format_args!("a sync fails after {calls}"));
            }
        }
        let (one_in, delay) = match self.random.below(4) {
            0 => (4, Duration::from_secs(2)),
            1 => (10, Duration::from_mins(1)),
            _ => (0, Duration::ZERO),
        };
        self.disk.slow_syncs(one_in, delay);
    }

    /// No room is left but for a little.
    pub(super) fn fill_disk(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        if node.state() != LaneState::Running {
            return Ok(());
        }
        let room = self.random.below(20_000);
        self.disk.set_capacity(Some(self.disk.used() + room));
        self.trace.line(format_args!("{room} bytes are free"));
        Ok(())
    }

    /// The upkeep while the disk is full; sometimes somebody else gives room back.
    pub(super) fn look_for_room(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        if node.state() != LaneState::Full {
            if self.looks_for_room.take().is_some() {
                self.summary.room_again += 1;
                self.trace.line("room again");
            }
            if self.random.one_in(8) {
                self.disk.set_capacity(None);
            }
            return Ok(());
        }
        if self.random.one_in(4) {
            self.disk.set_capacity(None);
            self.looks_for_room.get_or_insert(0);
        }
        node.find_room()?;
        // A stuck group is tried again by the committer.
        node.commit_all()?;
        if let Some(looks) = &mut self.looks_for_room {
            *looks += 1;
            if *looks > LOOKS_MAX && node.state() == LaneState::Full {
                let text = format!("still full after {looks} looks for room");
                return Err(Broken::liveness("room_is_found", text).into());
            }
        }
        Ok(())
    }

    /// What found no room waits, and who waits for it hears so.
    pub(super) fn full_is_no_failure(
        &mut self,
        node: &mut Node<Ticket>,
        done: Result<(), Stop>,
    ) -> Result<(), Stop> {
        let Err(Stop::Storage(Refusal { reason: Reason::Full, text })) = done else { return done };
        self.summary.filled += 1;
        self.trace.line(format_args!("full: {text}"));
        node.refuse_waiting();
        Ok(())
    }

    /// A life that has worked, and how it ends.
    pub(super) fn end(
        &mut self,
        mut node: Node<Ticket>,
        worked: Result<(), Stop>,
    ) -> Result<(), Stop> {
        let ended = match worked {
            Ok(()) if self.random.one_in(2) => {
                self.trace.line("killed");
                self.summary.kills += 1;
                self.note_end(&node);
                self.disk.restart();
                return Ok(());
            }
            Ok(()) => self.stop(&mut node),
            Err(stop) => Err(stop),
        };
        if let Err(Stop::Storage(Refusal { reason: Reason::Failed | Reason::Offline, text })) =
            &ended
        {
            let failed = Refusal { reason: Reason::Failed, text: text.clone() };
            self.failed(&mut node)?;
            self.note_end(&node);
            return Err(Stop::Storage(failed));
        }
        if matches!(ended, Err(Stop::PowerCut)) {
            self.note_end(&node);
            return ended;
        }
        ended?;
        self.note_end(&node);
        match node.stop() {
            Ok(()) => {
                self.groups.clear();
                self.summary.clean_stops += 1;
                self.trace.line("stopped");
                self.disk.restart();
                let segments = crate::segment_files::read_segments(&self.disk)?;
                invariants::indexes_agree(&segments)?;
                Ok(())
            }
            Err(stop) => Err(stop),
        }
    }

    /// What waits is committed before a clean stop; not every answer arrives.
    fn stop(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        self.disk.set_capacity(None);
        for _ in 0..LOOKS_MAX {
            let done = node.find_room().and_then(|()| node.commit_all());
            self.full_is_no_failure(node, done)?;
            self.answers(node)?;
            if node.state() == LaneState::Running && node.waiting_count() == 0 {
                return Ok(());
            }
        }
        let text = format!("{} produces wait", node.waiting_count());
        Err(Broken::liveness("all_is_answered", text).into())
    }

    fn note_end(&mut self, node: &Node<Ticket>) {
        self.durable_end = node.store().written_end();
        self.groups.clone_from(node.store().groups());
        self.producers_before = node.log().producers().clone();
    }

    /// The disk failed: the directory is offline, nothing more is written, and nobody waits for ever.
    fn failed(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        if node.state() != LaneState::Failed {
            let text = "a directory whose disk failed is not offline";
            return Err(Broken::correctness("failed_stays_failed", text).into());
        }
        // What the committer had begun goes on, and may fail too.
        node.write_group();
        let _: Result<(), Stop> = node.end_group();
        self.answers(node)?;
        let before = self.disk.operations();
        let tries = [node.begin_group(), node.end_group(), node.drain(), node.checkpoint()];
        let taken = tries.iter().filter(|done| matches!(done, Err(Stop::Storage(_)))).count();
        self.trace.line(format_args!("offline: {taken} of {} tries refused", tries.len()));
        invariants::failed_writes_nothing(before, self.disk.operations())?;
        node.refuse_waiting();
        self.answers(node)?;
        invariants::all_are_refused(node.waiting_count())?;
        Ok(())
    }
}
