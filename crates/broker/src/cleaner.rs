mod figures;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use model::{Instant, PartitionId};
use parking_lot::{Condvar, Mutex};
use settings::CleanerSettings;
use storage::{CleanStep, Cleanable, Cleaning, CleaningSettings, StorageError};
use telemetry::{Exposition, names};

use self::figures::{Figures, Last};
use crate::Broker;
use crate::partition::Partition;

/// Compaction: threads of their own, so that a long cleaning holds nobody up, each with one partition at a time: the one of
/// which the largest share is dirty. All together keep to `log.cleaner.io.max.bytes.per.second`.
#[derive(Default)]
pub(crate) struct Cleaner {
    state: Mutex<State>,
    /// The node stops, or settings changed.
    wake: Condvar,
    /// Held while a thread chooses, so that no two take the same.
    taken: Mutex<BTreeSet<PartitionId>>,
    cleanings: AtomicU64,
    bytes: AtomicU64,
    figures: Figures,
}

#[derive(Default)]
struct State {
    stopping: bool,
    /// How often `log.cleaner.*` has changed: whoever waits looks at the settings afresh then.
    changes: u64,
    /// What was read and written up to now is paid for at this time.
    paid: Option<Instant>,
}

/// How a cleaning ended.
enum End {
    Done,
    /// The node stops, or the log was cut or deleted meanwhile.
    GivenUp,
}

impl Cleaner {
    pub(crate) fn stop(&self) {
        self.state.lock().stopping = true;
        self.wake.notify_all();
    }

    /// The broker's settings of cleaning are others now: pauses of the old ones end.
    pub(crate) fn settings_changed(&self) {
        let mut state = self.state.lock();
        state.changes += 1;
        state.paid = None;
        drop(state);
        self.wake.notify_all();
    }

    fn changes(&self) -> u64 {
        self.state.lock().changes
    }

    fn is_stopping(&self) -> bool {
        self.state.lock().stopping
    }

    pub(crate) fn show(&self, now: Instant, page: &mut Exposition) {
        self.figures.show(now, page);
        let whole = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        page.counter(&names::CLEANINGS, &[], whole(&self.cleanings));
        page.counter(&names::CLEANER_BYTES, &[], whole(&self.bytes));
    }

    /// The thread of one cleaner: cleans as long as there is something worth it, then rests; until it is told to stop.
    pub(crate) fn run(&self, number: usize, broker: &Broker) {
        let _living = self.figures.living();
        while !self.is_stopping() {
            let seen = self.changes();
            let settings = broker.config().settings().log.cleaner;
            match self.choose(broker) {
                Some((partition, of)) => {
                    let id = partition.id();
                    self.clean(broker, (number, &partition), of, &settings);
                    self.taken.lock().remove(&id);
                }
                None => self.rest(Duration::from_millis(settings.backoff_ms.max(1)), seen),
            }
        }
    }

    /// Waits, but not beyond a change of the settings that came after the `seen` ones.
    fn rest(&self, pause: Duration, seen: u64) {
        let mut state = self.state.lock();
        if !state.stopping && state.changes == seen {
            self.wake.wait_for(&mut state, pause);
        }
    }

    /// The partition with the largest dirty share, of those that need to be cleaned.
    fn choose(&self, broker: &Broker) -> Option<(Arc<Partition>, Cleanable)> {
        let mut taken = self.taken.lock();
        let now = broker.now();
        let mut best: Option<(Arc<Partition>, Cleanable)> = None;
        let mut dirtiest = 0.0_f64;
        for partition in broker.partitions().all() {
            let is_left_out = partition.is_uncleanable() || taken.contains(&partition.id());
            if is_left_out || partition.dir().is_offline() {
                continue;
            }
            let Some(of) = partition.cleanable(now) else { continue };
            if of.wants_checkpoint(now.wall) {
                broker.call_checkpoint(partition.dir());
            }
            dirtiest = dirtiest.max(of.dirty_ratio());
            let is_due = of.dirty_bytes() > 0
                && (of.is_dirty_enough()
                    || of.is_overdue(now.wall).unwrap_or_else(|error| {
                        fail(broker, &partition, &error);
                        false
                    }));
            let is_better =
                best.as_ref().is_none_or(|(_, best)| of.dirty_ratio() > best.dirty_ratio());
            if is_due && is_better {
                best = Some((partition, of));
            }
        }
        self.figures.note_look(now.instant, dirtiest);
        taken.extend(best.as_ref().map(|(partition, _)| partition.id()));
        best
    }

    fn clean(
        &self,
        broker: &Broker,
        (number, partition): (usize, &Arc<Partition>),
        of: Cleanable,
        settings: &CleanerSettings,
    ) {
        let seen = self.changes();
        let cleaning_settings = cleaning_settings(settings, partition.dir().salt());
        let now = broker.now();
        let producers = partition.last_records();
        // That a file cannot be read is told by the cleaning itself.
        let overdue_ms = of.overdue_ms(now.wall).unwrap_or(0);
        let mut cleaning = Cleaning::new(of, producers, &cleaning_settings, now.wall);
        let ended = self.run_cleaning(broker, partition, &mut cleaning);
        let stats = cleaning.stats();
        let took = broker.now().instant.since(now.instant);
        let abandoned = cleaning.abandon();
        match ended {
            Ok(End::Done) => {
                self.cleanings.fetch_add(1, Ordering::Relaxed);
                self.figures.note_cleaning(number, Last { stats, took, overdue_ms });
                tracing::info!(
                    partition = %partition.name(),
                    size_before = stats.size_before,
                    size_after = stats.size_after,
                    segments_before = stats.segments_before,
                    segments_after = stats.segments_after,
                    keys = stats.keys,
                    ms = took.as_millis(),
                    "compact log"
                );
            }
            Ok(End::GivenUp) => {}
            Err(error) => {
                fail(broker, partition, &error);
                self.rest(Duration::from_millis(settings.backoff_ms.max(1)), seen);
            }
        }
        if let Err(error) = abandoned {
            broker.log_dir_error(partition.dir(), &error);
        }
    }

    fn run_cleaning(
        &self,
        broker: &Broker,
        partition: &Partition,
        cleaning: &mut Cleaning,
    ) -> storage::Result<End> {
        while !self.is_stopping() && !partition.dir().is_offline() {
            match cleaning.step()? {
                CleanStep::Worked(bytes) => self.pay(broker, bytes),
                CleanStep::Replace(new) => {
                    let taken = partition.replace(*new);
                    if !cleaning.replaced(taken)? {
                        return Ok(End::GivenUp);
                    }
                }
                CleanStep::Done(to) => {
                    partition.dir().note_cleaned(partition.name(), to)?;
                    return Ok(End::Done);
                }
            }
        }
        Ok(End::GivenUp)
    }

    /// Waits until so many bytes more are allowed. A change of the settings forgives them.
    fn pay(&self, broker: &Broker, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        let seen = self.changes();
        let rate = broker.config().settings().log.cleaner.bytes_per_second_max;
        #[allow(clippy::cast_precision_loss, reason = "a pause need not be exact")]
        let cost = bytes as f64 / rate.max(1.0);
        let Ok(cost) = Duration::try_from_secs_f64(cost) else { return };
        let mut state = self.state.lock();
        if state.changes != seen {
            return;
        }
        let now = broker.now().instant;
        let paid = state.paid.map_or(now, |paid| paid.max(now)).plus(cost);
        state.paid = Some(paid);
        while !state.stopping && state.changes == seen {
            let left = paid.since(broker.now().instant);
            if left.is_zero() || self.wake.wait_for(&mut state, left).timed_out() {
                return;
            }
        }
    }
}

/// What one cleaner may take: its share of what all may take together.
fn cleaning_settings(settings: &CleanerSettings, secret: u64) -> CleaningSettings {
    let share = settings.threads.max(1);
    CleaningSettings {
        map_bytes: settings.dedupe_bytes / u64::from(share),
        load: settings.load_factor,
        buffer_bytes: (settings.buffer_bytes / share) as usize,
        secret,
    }
}

/// A cleaning failed. Damage concerns nobody but this partition, whose cleaning would fail again.
fn fail(broker: &Broker, partition: &Partition, error: &StorageError) {
    match error {
        StorageError::Corrupt { .. } => {
            if !partition.is_uncleanable() {
                partition.note_uncleanable();
                tracing::error!(partition = %partition.name(), %error, "log cannot be compacted");
            }
        }
        error => broker.log_dir_error(partition.dir(), error),
    }
}

#[cfg(test)]
mod tests {
    use settings::{BrokerConfig, RawSettings};

    use super::cleaning_settings;

    #[test]
    fn a_cleaning_takes_its_share_of_the_sizes_that_were_set_while_the_broker_runs() {
        let mut given = BrokerConfig::single_node_defaults("/data");
        given.insert("log.cleaner.threads".to_owned(), "2".to_owned());
        let started = BrokerConfig::new(given).unwrap();
        let of = |config: &BrokerConfig| {
            let settings = cleaning_settings(&config.settings().log.cleaner, 7);
            (settings.map_bytes, settings.load, settings.buffer_bytes, settings.secret)
        };
        assert_eq!(of(&started), (64 << 20, 0.9, 256 << 10, 7));
        let changed = [
            ("log.cleaner.dedupe.buffer.size", "8388608"),
            ("log.cleaner.io.buffer.load.factor", "0.5"),
            ("log.cleaner.io.buffer.size", "65536"),
        ];
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let all_brokers: RawSettings = changed.map(owned).into();
        let (config, ignored) = started.with_dynamic(&all_brokers, &RawSettings::new());
        assert!(ignored.is_empty(), "{ignored:?}");
        assert_eq!(of(&config), (4 << 20, 0.5, 32 << 10, 7));
    }
}
