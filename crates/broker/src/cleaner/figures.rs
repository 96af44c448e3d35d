use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use model::Instant;
use parking_lot::Mutex;
use storage::CleanStats;
use telemetry::{Exposition, names};

/// What `kafka.log:type=LogCleaner` and `type=LogCleanerManager` say: of each cleaner its last cleaning, and when one last
/// looked for something to do.
#[derive(Default)]
pub(super) struct Figures {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By number of the cleaner.
    last: BTreeMap<usize, Last>,
    /// `None` is not yet.
    looked: Option<Instant>,
    dirtiest: f64,
    dead: usize,
}

/// One cleaning.
pub(super) struct Last {
    pub(super) stats: CleanStats,
    pub(super) took: Duration,
    /// How late it began.
    pub(super) overdue_ms: u64,
}

/// Lives as long as a cleaner's thread: if that ends by a panic, it is counted.
pub(super) struct Living<'a>(&'a Figures);

impl Drop for Living<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.state.lock().dead += 1;
        }
    }
}

impl Figures {
    pub(super) fn living(&self) -> Living<'_> {
        Living(self)
    }

    pub(super) fn note_look(&self, now: Instant, dirtiest: f64) {
        let mut state = self.state.lock();
        state.looked = Some(now);
        state.dirtiest = dirtiest;
    }

    pub(super) fn note_cleaning(&self, cleaner: usize, last: Last) {
        self.state.lock().last.insert(cleaner, last);
    }

    pub(super) fn show(&self, now: Instant, page: &mut Exposition) {
        let state = self.state.lock();
        let last = || state.last.values();
        let (read, kept) = last().fold((0, 0), |(read, kept), last| {
            (read + last.stats.size_before, kept + last.stats.size_after)
        });
        let most = |of: fn(&Last) -> u64| whole(last().map(of).max().unwrap_or(0));
        page.gauge(&names::CLEANER_RECOPY_PERCENT, &[], whole(percent(kept, read)));
        let used = most(|last| percent(last.stats.keys, last.stats.keys_max));
        page.gauge(&names::CLEANER_BUFFER_PERCENT, &[], used);
        page.gauge(&names::CLEANER_TIME_MAX, &[], most(|last| last.took.as_secs()));
        page.gauge(&names::COMPACTION_DELAY_MAX, &[], most(|last| last.overdue_ms / 1_000));
        page.gauge(&names::DEAD_CLEANERS, &[], i64::try_from(state.dead).unwrap_or(i64::MAX));
        page.real(&names::MAX_DIRTY_PERCENT, &[], (state.dirtiest * 100.0).floor());
        let since_ms = u64::try_from(now.since(state.looked.unwrap_or(Instant::ZERO)).as_millis())
            .unwrap_or(u64::MAX);
        page.gauge(&names::TIME_SINCE_CLEANER_RUN, &[], whole(since_ms));
    }
}

/// 0 where there is nothing.
fn percent(part: u64, of: u64) -> u64 {
    u64::try_from(u128::from(part) * 100 / u128::from(of.max(1))).unwrap_or(u64::MAX)
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_the_most_of_all_cleaners_and_one_share_of_all_they_read() {
        let start = Instant::ZERO;
        let figures = Figures::default();
        let last = |keys, size_after, seconds, overdue_ms| Last {
            stats: CleanStats {
                keys,
                keys_max: 1_000,
                size_before: 1_000,
                size_after,
                ..CleanStats::default()
            },
            took: Duration::from_secs(seconds),
            overdue_ms,
        };
        figures.note_cleaning(0, last(900, 900, 3, 0));
        figures.note_cleaning(0, last(100, 100, 2, 0));
        figures.note_cleaning(1, last(250, 300, 7, 61_500));
        figures.note_look(start.plus(Duration::from_secs(1)), 0.759);
        let mut page = Exposition::default();
        figures.show(start.plus(Duration::from_secs(3)), &mut page);
        let page = page.render();
        for line in [
            "kafka_log_logcleaner_max_buffer_utilization_percent 25",
            "kafka_log_logcleaner_cleaner_recopy_percent 20",
            "kafka_log_logcleaner_max_clean_time_secs 7",
            "kafka_log_logcleaner_max_compaction_delay_secs 61",
            "kafka_log_logcleaner_deadthreadcount 0",
            "kafka_log_logcleanermanager_max_dirty_percent 75",
            "kafka_log_logcleanermanager_time_since_last_run_ms 2000",
        ] {
            assert!(page.lines().any(|found| found == line), "{line} is not in\n{page}");
        }
    }

    #[test]
    fn a_cleaner_that_panics_is_dead() {
        let figures = Figures::default();
        drop(figures.living());
        assert_eq!(figures.state.lock().dead, 0);
        let ended = thread::scope(|scope| {
            let dying = || {
                let _living = figures.living();
                std::panic::resume_unwind(Box::new("a defect"));
            };
            scope.spawn(dying).join()
        });
        assert!(ended.is_err());
        assert_eq!(figures.state.lock().dead, 1);
    }
}
