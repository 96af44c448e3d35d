//! What goes wrong in the workload's world, and its end.

use std::time::Duration;

use io::Clock;
use model::Instant;

use super::key::INPUT_COUNT;
use super::{Key, World, broker, members};
use crate::failure::Broken;
use crate::network::NetworkConfig;
use crate::stop::Stop;

impl World<'_> {
    /// Sometimes, something bad.
    pub(super) fn trouble(&mut self) -> Result<(), Broken> {
        match self.random.below(1_000) {
            0..3 => {
                let operations = 1 + self.random.below(60);
                self.disk.crash_after(operations);
                self.trace.line(format_args!("power goes after {operations} operations"));
            }
            3..6 => {
                let done = self.stop_broker();
                self.settle(done)?;
            }
            6..16 => {
                let count = self.copiers.len() as u64;
                let index = usize::try_from(self.random.below(count)).unwrap_or(0);
                if let Some(copier) = self.copiers.get_mut(index) {
                    copier.kill(&mut self.checker);
                    self.trace.line(format_args!("copier {index} dies"));
                }
            }
            26..31 => self.delete_copied(),
            31..33 => self.grow(self.topics.input_count + 1),
            33..39 => self.lull_copier(),
            23..26 => {
                let count = self.sharers.len() as u64;
                let index = usize::try_from(self.random.below(count)).unwrap_or(0);
                if let Some(sharer) = self.sharers.get_mut(index) {
                    sharer.begin_life(&mut self.checker);
                    self.trace.line(format_args!("sharer {index} dies"));
                }
            }
            16..18 => self.disk.slow_syncs(4, Duration::from_secs(1)),
            18..22 => self.disk.slow_syncs(0, Duration::ZERO),
            // Longer than a transaction may be open.
            22 if self.random.one_in(4) => self.clock.advance(broker::TRANSACTION_TIMEOUT * 2),
            _ => {}
        }
        Ok(())
    }

    /// One will sleep for longer than the group waits for a silent member.
    fn lull_copier(&mut self) {
        let count = self.copiers.len() as u64;
        let index = usize::try_from(self.random.below(count)).unwrap_or(0);
        let longer = Duration::from_millis(100 + self.random.below(2_000));
        if let Some(copier) = self.copiers.get_mut(index) {
            copier.get_drowsy(members::SESSION_TIMEOUT + longer);
            self.trace.line(format_args!("copier {index} is going to sleep"));
        }
    }

    /// Records that the group is done with go from the input.
    fn delete_copied(&mut self) {
        let Some(broker) = &mut self.broker else { return };
        let index = u8::try_from(self.random.below(u64::from(INPUT_COUNT))).unwrap_or(0);
        let key = Key::Input(index);
        let Some(done) = self.observer.group.get(&key) else { return };
        if broker.logs.delete_records(key, *done) {
            self.summary.deletions += 1;
            self.trace.line(format_args!("records before {done} are deleted from input {index}"));
        }
    }

    /// The group gets to know more partitions of the input.
    fn grow(&mut self, count: u32) {
        self.topics.input_count = count.min(u32::from(INPUT_COUNT));
        if let Some(broker) = &mut self.broker {
            broker.topics = self.topics;
        }
    }

    /// The process is killed while the machine stays up, or stops cleanly.
    fn stop_broker(&mut self) -> Result<(), Stop> {
        let Some(broker) = self.broker.take() else { return Ok(()) };
        self.checker.broker_dies();
        self.starts_at = self.clock.now().plus(Duration::from_millis(self.random.below(800)));
        if self.random.one_in(3) {
            self.trace.line("the broker stops");
            broker.logs.close()?;
            self.summary.clean_stops += 1;
        } else {
            self.trace.line("the broker is killed");
            drop(broker);
            self.summary.broker_kills += 1;
        }
        self.disk.restart();
        Ok(())
    }

    pub(super) fn heal(&mut self) {
        self.trace.line("everything heals");
        self.network.set_config(NetworkConfig::CALM);
        self.disk.slow_syncs(0, Duration::ZERO);
        // A cut that was ordered and has not come: let it come now, or never.
        self.disk.crash_after(u64::MAX / 2);
        self.starts_at = Instant::ZERO;
        self.grow(u32::from(INPUT_COUNT));
    }
}
