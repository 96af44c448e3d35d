use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use controller::AssignDirectories;
use model::{Instant, PartitionId, Uuid};
use parking_lot::{Condvar, Mutex};
use storage::{Checkpoint, CheckpointResult, DrainGoal, LaneState, LogDir, Prepared};

use crate::partition::{Partition, StepOutput};
use crate::partitions::directory_id;
use crate::{Broker, limits};

/// The work on a log directory that goes on beside requests: drain, checkpoints, retention, files that go. One thread
/// per directory runs it, because all of it may block.
pub(crate) struct Upkeep {
    dir: Arc<LogDir>,
    state: Mutex<State>,
    called: Condvar,
}

#[derive(Default)]
struct State {
    called: bool,
    /// A checkpoint was asked for.
    checkpoint: bool,
    image_changed: bool,
    stopping: bool,
}

/// When what is next due.
struct Schedule {
    checkpoint: Instant,
    retention: Instant,
    leaders: Instant,
    /// A look whether the directory is there.
    presence: Instant,
    /// Begun, and waiting for the lane.
    begun: Option<Checkpoint>,
    said_no_direct: bool,
}

impl Upkeep {
    pub(crate) fn new(dir: Arc<LogDir>) -> Self {
        // The first look is at the image, whatever came before this thread.
        let state = State { image_changed: true, ..State::default() };
        Self { dir, state: Mutex::new(state), called: Condvar::new() }
    }

    /// There is something to do.
    pub(crate) fn call(&self) {
        self.state.lock().called = true;
        self.called.notify_one();
    }

    /// Somebody waits for a checkpoint.
    pub(crate) fn call_checkpoint(&self) {
        let mut state = self.state.lock();
        state.called = true;
        state.checkpoint = true;
        self.called.notify_one();
    }

    pub(crate) fn image_changed(&self) {
        self.state.lock().image_changed = true;
        self.called.notify_one();
    }

    pub(crate) fn stop(&self) {
        self.state.lock().stopping = true;
        self.called.notify_one();
    }

    /// The thread: looks around until it is told to stop.
    pub(crate) fn run(&self, broker: &Broker) {
        let now = broker.now().instant;
        let config = broker.config();
        let log = &config.settings().log;
        let initial_delay = Duration::from_millis(log.initial_task_delay_ms);
        let mut schedule = Schedule {
            checkpoint: now.plus(limits::CHECKPOINT_INTERVAL),
            retention: now.plus(initial_delay),
            leaders: now.plus(Duration::from_millis(log.producer_id_check_interval_ms)),
            presence: now,
            begun: None,
            said_no_direct: false,
        };
        loop {
            let image_changed = {
                let mut state = self.state.lock();
                if !state.called && !state.image_changed && !state.stopping {
                    self.called.wait_for(&mut state, limits::UPKEEP_INTERVAL);
                }
                if state.stopping {
                    return;
                }
                state.called = false;
                if std::mem::take(&mut state.checkpoint) {
                    schedule.checkpoint = broker.now().instant;
                }
                std::mem::take(&mut state.image_changed)
            };
            if self.dir.is_offline() {
                // The last that can be done for it: the metadata know what is lost.
                self.assign(broker);
                continue;
            }
            if image_changed {
                self.follow_image(broker);
            }
            if let Err(error) = self.look_around(broker, &mut schedule) {
                broker.log_dir_error(&self.dir, &error);
            }
        }
    }

    fn look_around(&self, broker: &Broker, schedule: &mut Schedule) -> storage::Result<()> {
        let now = broker.now().instant;
        let lane = self.dir.lane();
        if now >= schedule.presence {
            schedule.presence = now.plus(limits::UPKEEP_INTERVAL);
            self.dir.check_there()?;
        }
        let full = lane.state() == LaneState::Full;
        if full {
            // What was drained needs no files that are kept to be fast, and what waits may now find room.
            lane.give_room()?;
            broker.run_stopped_writes(&self.dir);
        } else if broker.partitions().note_full(&self.dir, false) {
            tracing::info!(dir = %self.dir.path().display(), "log directory has room again");
        }
        // What finds no room must not keep the rest from making some.
        self.unless_full(broker, self.prepare(schedule))?;
        let goal = if full { DrainGoal::All } else { DrainGoal::Runs };
        self.unless_full(broker, lane.drain_step(goal).map(|_| ()))?;
        self.dir.sync_direct_writes()?;
        if lane.wants_checkpoint() || lane.owes_checkpoint() || now >= schedule.checkpoint {
            self.unless_full(broker, self.checkpoint(broker, schedule, now))?;
        }
        if broker.partitions().dirs().count() > 1 {
            self.assign(broker);
        }
        if now >= schedule.retention {
            let interval_ms = broker.config().settings().log.retention_check_interval_ms;
            schedule.retention = now.plus(Duration::from_millis(interval_ms));
            self.delete_old(broker);
        }
        if now >= schedule.leaders {
            let interval_ms = broker.config().settings().log.producer_id_check_interval_ms;
            schedule.leaders = now.plus(Duration::from_millis(interval_ms));
            for partition in self.partitions(broker) {
                let mut out = StepOutput::default();
                partition.tick(broker.now(), &mut out);
                broker.deliver(&mut out);
            }
        }
        lane.purge()
    }

    fn prepare(&self, schedule: &mut Schedule) -> storage::Result<()> {
        while let Prepared::File { direct } = self.dir.lane().prepare_step()? {
            if !direct && !schedule.said_no_direct {
                schedule.said_no_direct = true;
                tracing::info!(
                    dir = %self.dir.path().display(),
                    "no direct writes here, commits go through the page cache and a sync"
                );
            }
        }
        Ok(())
    }

    fn checkpoint(
        &self,
        broker: &Broker,
        schedule: &mut Schedule,
        now: Instant,
    ) -> storage::Result<()> {
        schedule.checkpoint = now.plus(limits::CHECKPOINT_INTERVAL);
        let checkpoint = schedule.begun.take();
        let checkpoint =
            checkpoint.unwrap_or_else(|| self.dir.begin_checkpoint(broker.partitions()));
        if let CheckpointResult::NotYet(later) = self.dir.finish_checkpoint(checkpoint)? {
            schedule.begun = Some(later);
            schedule.checkpoint = now.plus(limits::UPKEEP_INTERVAL);
        }
        Ok(())
    }

    /// A full disk is told once, and what found no room has its turn again later.
    fn unless_full(&self, broker: &Broker, result: storage::Result<()>) -> storage::Result<()> {
        match result {
            Err(error) if error.is_full() => {
                broker.log_dir_error(&self.dir, &error);
                Ok(())
            }
            other => other,
        }
    }

    fn partitions<'a>(&'a self, broker: &'a Broker) -> impl Iterator<Item = Arc<Partition>> + 'a {
        let all = broker.partitions().all().into_iter();
        all.filter(|partition| Arc::ptr_eq(partition.dir(), &self.dir))
    }

    fn delete_old(&self, broker: &Broker) {
        for partition in self.partitions(broker) {
            let mut out = StepOutput::default();
            if let Some(deleted) = partition.delete_old(broker.now(), &mut out) {
                tracing::info!(
                    partition = %partition.name(),
                    segments = deleted.segments,
                    log_start = %deleted.log_start,
                    "delete old segments"
                );
                out.write = out.write.take().or(deleted.write);
                broker.carry_out(&partition, &mut out);
            }
        }
    }

    /// Has the metadata say of each partition here that it is here: they must know what is lost with the directory.
    fn assign(&self, broker: &Broker) {
        let image = broker.image();
        let (Some(own), Some(registered)) = (directory_id(&self.dir), image.broker(broker.id()))
        else {
            return;
        };
        let is_elsewhere = |id: &PartitionId| {
            let topic = image.topic_by_id(id.topic);
            topic.and_then(|topic| topic.partitions.get(&id.partition)).is_some_and(|partition| {
                partition.replicas.contains(&broker.id())
                    && partition.directory(broker.id()) != Some(own)
            })
        };
        let here = self.partitions(broker).map(|partition| partition.id());
        let replicas: BTreeMap<PartitionId, Uuid> =
            here.filter(is_elsewhere).map(|id| (id, own)).collect();
        if replicas.is_empty() {
            return;
        }
        let (id, epoch) = (broker.id(), registered.epoch);
        let assignment = AssignDirectories { broker: id, epoch, replicas };
        broker.quorum().submit(assignment, |assigned| {
            if !matches!(assigned, Ok(Ok(()))) {
                tracing::debug!(?assigned, "directories are assigned later");
            }
        });
    }

    /// Takes over who leads what, and deletes what belongs to topics that are gone.
    fn follow_image(&self, broker: &Broker) {
        let image = broker.image();
        for partition in self.partitions(broker) {
            let id = partition.id();
            let mut out = StepOutput::default();
            match image.topic_by_id(id.topic) {
                Some(topic) => {
                    let settings = broker.topic_settings(&image, &topic.name);
                    // An error says that another broker leads, or that the directory failed: both are known.
                    let _: Result<_, _> = broker.partition(topic, id.partition, &settings);
                }
                // A log that was never named by the metadata may be another cluster's: it is left alone.
                None if !partition.was_known() => {}
                None => {
                    tracing::info!(partition = %partition.name(), "delete log of a deleted topic");
                    broker.partitions().delete(id, &mut out);
                    broker.carry_out(&partition, &mut out);
                }
            }
        }
    }
}
