//! Compaction and the deletion of records beside the load, as the broker's cleaner and its API do it.

use model::Offset;
use replica::{Effects, Input};
use storage::{CleanStep, Cleaning, CleaningSettings, LastRecords, StorageError};

use io::Clock;

use super::Key;
use super::logs::{Logs, Ticket};
use crate::stop::Stop;

/// Small, so that a cleaning is many steps, between which other things happen.
const SETTINGS: CleaningSettings =
    CleaningSettings { map_bytes: 64 << 10, load: 0.9, buffer_bytes: 4 << 10, secret: 7 };

/// One log that is being compacted.
pub(super) struct UnderWay {
    key: Key,
    cleaning: Cleaning,
}

impl Logs {
    /// One step of the cleaning that is under way, or the beginning of another one. Gives whether one came to its end.
    pub(super) fn clean(&mut self) -> Result<bool, Stop> {
        let Some(mut under_way) = self.cleaning.take().or_else(|| self.begin_cleaning()) else {
            return Ok(false);
        };
        let stepped = under_way.cleaning.step().map_err(|error| self.stop_of(&error))?;
        match stepped {
            CleanStep::Worked(_) => {}
            CleanStep::Replace(new) => {
                let taken = self.led(under_way.key).borrow_mut().log.replace(*new);
                let replaced = under_way.cleaning.replaced(taken);
                if !replaced.map_err(|error| self.stop_of(&error))? {
                    return self.give_up(under_way).map(|()| false);
                }
            }
            CleanStep::Done(to) => {
                let name = under_way.key.name();
                let noted = self.dir.note_cleaned(&name, to);
                noted.map_err(|error| self.stop_of(&error))?;
                return self.give_up(under_way).map(|()| true);
            }
        }
        self.cleaning = Some(under_way);
        Ok(false)
    }

    /// The log of which the largest share is dirty.
    fn begin_cleaning(&self) -> Option<UnderWay> {
        let wall = self.clock.wall();
        let mut best: Option<(f64, UnderWay)> = None;
        for key in Key::all().filter(|key| key.is_compacted()) {
            let led = self.led(key).borrow();
            let replica = led.leader.log();
            let Some(of) = led.log.cleanable(replica.last_stable(), wall) else { continue };
            let ratio = of.dirty_ratio();
            if of.dirty_bytes() > 0 && best.as_ref().is_none_or(|(best, _)| ratio > *best) {
                let producers = LastRecords::of(replica.producers());
                let cleaning = Cleaning::new(of, producers, &SETTINGS, wall);
                best = Some((ratio, UnderWay { key, cleaning }));
            }
        }
        best.map(|(_, under_way)| under_way)
    }

    fn give_up(&self, under_way: UnderWay) -> Result<(), Stop> {
        let abandoned: Result<(), StorageError> = under_way.cleaning.abandon();
        abandoned.map_err(|error| self.stop_of(&error))
    }

    /// Before a clean stop.
    pub(super) fn stop_cleaning(&mut self) -> Result<(), Stop> {
        self.cleaning.take().map_or(Ok(()), |under_way| self.give_up(under_way))
    }

    /// As DeleteRecords does. Gives whether anything went.
    pub(super) fn delete_records(&mut self, key: Key, before: Offset) -> bool {
        let (now, wall) = (self.clock.now(), self.clock.wall());
        let mut led = self.led(key).borrow_mut();
        let led = &mut *led;
        let before = before.min(led.leader.log().high_watermark());
        let Some(deleted) = led.log.raise_start(before, led.leader.log().producers()) else {
            return false;
        };
        // In the lane, so there is nothing to write here.
        drop(deleted.write);
        let input = Input::<Ticket, ()>::LogStart(deleted.log_start);
        led.leader.step(now, wall, input, &mut Effects::new());
        true
    }
}
