use std::time::Duration;

use model::{Instant, Timestamp};

use crate::limits::{EXPIRY_RECORD_COUNT_MAX, EXPIRY_STEP_PAUSE};
use crate::{Decision, Event, Now, Soft, TransactionRecord, TransactionShard};

impl TransactionShard {
    /// When to call [`Self::time_passed`] next; `None` while nothing has a deadline.
    pub fn next_timeout(&self, soft: &Soft) -> Option<Instant> {
        let open = self.deadlines.first().map(|(at, _)| after(soft.now, *at));
        let idle = self.idle.first().map(|_| soft.next_expiry);
        [open, idle].into_iter().flatten().min()
    }

    /// Carries out one deadline that is over: aborts a transaction that was open for too long, or forgets ids.
    pub fn time_passed(&self, soft: &mut Soft, now: Now) -> Decision<()> {
        soft.now = now;
        if let Some((deadline, id)) = self.deadlines.first()
            && *deadline < now.wall
            && let Ok(entry) = self.entry(id)
        {
            let current = &entry.transaction;
            let event = Event::TimedOut { id: id.clone(), producer: current.producer };
            return Decision { events: vec![event], ..self.fence(soft, now, id, current, ()) };
        }
        if now.instant < soft.next_expiry {
            return Decision::reply((), None);
        }
        self.expire(soft, now)
    }

    fn expire(&self, soft: &mut Soft, now: Now) -> Decision<()> {
        let max = soft.settings.id_expiration.as_millis();
        let oldest = i64::try_from(max).ok().and_then(|max| now.wall.as_millis().checked_sub(max));
        let is_old = |since: Timestamp| oldest.is_some_and(|oldest| since.as_millis() <= oldest);
        let old = self.idle.iter().take_while(|(since, _)| is_old(*since));
        let records: Vec<TransactionRecord> = old
            .take(EXPIRY_RECORD_COUNT_MAX)
            .map(|(_, id)| TransactionRecord::Removed { id: id.clone() })
            .collect();
        for record in &records {
            if let TransactionRecord::Removed { id } = record {
                soft.last_epochs.remove(id);
            }
        }
        let pause = match records.len() {
            EXPIRY_RECORD_COUNT_MAX => EXPIRY_STEP_PAUSE,
            _ => soft.settings.expiry_check_interval,
        };
        soft.next_expiry = now.instant.plus(pause);
        let count = records.len();
        let events = if count > 0 { vec![Event::Expired { count }] } else { Vec::new() };
        Decision { records, events, ..Decision::reply((), None) }
    }
}

/// The instant right after a wall time, as far as is known now.
fn after(now: Now, at: Timestamp) -> Instant {
    let left = at.as_millis().saturating_sub(now.wall.as_millis()).saturating_add(1);
    now.instant.plus(Duration::from_millis(u64::try_from(left).unwrap_or(0)))
}
