use model::{BrokerId, Instant, Offset, PartitionEpoch};

use super::Leader;
use crate::effects::{Effect, Effects};
use crate::in_sync::{FollowerFetched, FollowerProgress};

impl Leader {
    /// `min.insync.replicas`, but no more than there are replicas.
    pub(super) fn in_sync_needed(&self) -> usize {
        self.settings.in_sync_count_min.min(self.followers.len() + 1)
    }

    pub(super) fn follower_fetched<T, B>(
        &mut self,
        now: Instant,
        fetch: &FollowerFetched,
        out: &mut Effects<T, B>,
    ) {
        let log_end = self.log.log_end;
        let known = self.followers.iter_mut().find(|follower| follower.id == fetch.replica);
        let Some(follower) = known else { return };
        if fetch.end > log_end {
            // `check_fetch` refuses it; an end that is not in this log proves nothing.
            return;
        }
        let log_start_moved = follower.log_start != fetch.log_start;
        follower.fetched(now, fetch, log_end);
        if log_start_moved {
            self.update_low_watermark(out);
        }
        self.propose_joining(fetch, out);
        self.advance_high_watermark(now, out);
    }

    /// A follower joins once it holds all that is committed and has come to this epoch's start.
    fn propose_joining<T, B>(&mut self, fetch: &FollowerFetched, out: &mut Effects<T, B>) {
        let reached = fetch.end >= self.log.high_watermark && fetch.end >= self.epoch_start;
        if !reached
            || !fetch.eligible
            || self.in_sync.is_change_under_way()
            || self.in_sync.may_hold(fetch.replica)
        {
            return;
        }
        let mut in_sync = self.in_sync.committed().to_vec();
        in_sync.push(fetch.replica);
        self.propose(in_sync, out);
    }

    /// Asks for an in-sync set without those that have not caught up within `replica.lag.time.max.ms`.
    pub(super) fn drop_laggards<T, B>(&mut self, now: Instant, out: &mut Effects<T, B>) {
        if self.in_sync.is_change_under_way() {
            return;
        }
        let stays = |id: &BrokerId| *id == self.me || self.is_caught_up(now, *id);
        let in_sync: Vec<BrokerId> =
            self.in_sync.committed().iter().copied().filter(stays).collect();
        if in_sync.len() < self.in_sync.committed().len() {
            self.propose(in_sync, out);
        }
    }

    fn is_caught_up(&self, now: Instant, id: BrokerId) -> bool {
        let follower = self.followers.iter().find(|follower| follower.id == id);
        follower.is_some_and(|f| f.is_caught_up(now, self.log.log_end, self.settings.lag_max))
    }

    fn propose<T, B>(&mut self, in_sync: Vec<BrokerId>, out: &mut Effects<T, B>) {
        out.push(Effect::ProposeInSync {
            in_sync: in_sync.clone(),
            leader_epoch: self.leader_epoch,
            partition_epoch: self.in_sync.partition_epoch(),
        });
        self.in_sync.propose(in_sync);
    }

    pub(super) fn decided<T, B>(
        &mut self,
        now: Instant,
        replicas: &[BrokerId],
        in_sync: Vec<BrokerId>,
        partition_epoch: PartitionEpoch,
        out: &mut Effects<T, B>,
    ) {
        if !self.in_sync.decided(in_sync, partition_epoch) {
            return;
        }
        self.followers.retain(|follower| replicas.contains(&follower.id));
        for id in replicas {
            let known = *id == self.me || self.followers.iter().any(|f| f.id == *id);
            if !known {
                self.followers.push(FollowerProgress::new(*id, None));
            }
        }
        self.update_low_watermark(out);
        self.advance_high_watermark(now, out);
    }

    /// Committed is what every replica holds that is in sync, may become so by the change under way, or is about to
    /// ask for it: were the last left out, it could never catch up with a busy leader.
    pub(super) fn advance_high_watermark<T, B>(&mut self, now: Instant, out: &mut Effects<T, B>) {
        if self.in_sync.committed().len() < self.in_sync_needed() {
            return;
        }
        let mut committed = self.log.durable_end;
        for follower in &self.followers {
            if self.holds_back(now, follower) {
                let Some(end) = follower.end else { return };
                committed = committed.min(end);
            }
        }
        if self.log.raise_high_watermark(committed) {
            out.push(Effect::HighWatermarkMoved(committed));
        }
    }

    fn holds_back(&self, now: Instant, follower: &FollowerProgress) -> bool {
        self.in_sync.may_hold(follower.id)
            || (follower.eligible
                && follower.is_caught_up(now, self.log.log_end, self.settings.lag_max))
    }

    pub(super) fn update_low_watermark<T, B>(&mut self, out: &mut Effects<T, B>) {
        let starts = self.followers.iter().map(|follower| follower.log_start);
        let low: Offset = starts.fold(self.log.log_start, Offset::min);
        if low > self.low_watermark {
            out.push(Effect::LowWatermarkMoved(low));
        }
        self.low_watermark = low;
    }
}
