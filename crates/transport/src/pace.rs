use std::time::Duration;

use model::Instant;

/// Lets things begin at no more than a rate, which a burst of one second's worth may run ahead of.
#[derive(Debug)]
pub(crate) struct Pace {
    /// `None`: nothing may begin.
    between: Option<Duration>,
    /// When the next one would begin if all kept the distance.
    next: Instant,
}

/// How far a burst may run ahead.
const BURST: Duration = Duration::from_secs(1);

impl Pace {
    pub(crate) fn per_second(rate: u32, now: Instant) -> Self {
        Self { between: BURST.checked_div(rate), next: now }
    }

    /// How long to wait until one may begin; `None` when it may now.
    pub(crate) fn wait(&self, now: Instant) -> Option<Duration> {
        let Some(between) = self.between else { return Some(BURST) };
        let ahead = self.next.max(now).plus(between).since(now);
        (ahead > BURST).then(|| ahead.saturating_sub(BURST))
    }

    /// One has begun.
    pub(crate) fn count(&mut self, now: Instant) {
        self.next = self.next.max(now).plus(self.between.unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_second_allows_may_begin_at_once_and_the_rest_keeps_the_rate() {
        let start = Instant::ZERO;
        let mut pace = Pace::per_second(10, start);
        let mut begun = |now| {
            let may = pace.wait(now).is_none();
            if may {
                pace.count(now);
            }
            may
        };
        assert_eq!((0..20).filter(|_| begun(start)).count(), 10);
        let later = start.plus(Duration::from_millis(250));
        assert_eq!((0..20).filter(|_| begun(later)).count(), 2);
        assert_eq!(pace.wait(later), Some(Duration::from_millis(50)));
    }

    #[test]
    fn a_rate_of_0_lets_nothing_begin() {
        assert!(Pace::per_second(0, Instant::ZERO).wait(Instant::ZERO).is_some());
    }
}
