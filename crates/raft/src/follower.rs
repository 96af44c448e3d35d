use model::{BrokerId, Instant, Offset};

use crate::effect::Effect;
use crate::message::{Batch, FetchContent, FetchRequest, Request, View};
use crate::raft::Raft;
use crate::role::Role;

impl Raft {
    /// Asks the leader for more, unless that is under way or the log is not on disk yet.
    pub(crate) fn send_fetch(&mut self, effects: &mut Vec<Effect>) {
        if self.synced < self.log.end() {
            return;
        }
        let fetch = FetchRequest {
            replica: self.settings.own,
            epoch: self.epoch,
            offset: self.log.end(),
            last_epoch: self.log.last_epoch(),
            high_watermark: self.high_watermark,
        };
        let Role::Follower { leader, in_flight, .. } = &mut self.role else { return };
        if !*in_flight {
            *in_flight = true;
            effects.push(Effect::Send { to: *leader, request: Request::Fetch(fetch) });
        }
    }

    pub(crate) fn on_fetched(
        &mut self,
        now: Instant,
        from: BrokerId,
        view: View,
        content: FetchContent,
        effects: &mut Vec<Effect>,
    ) {
        if let Role::Follower { leader, in_flight, .. } = &mut self.role
            && *leader == from
        {
            *in_flight = false;
        }
        if !self.accept_view(now, view, effects) {
            // Refused: not at once again, or two nodes that disagree would spin.
            if let Role::Follower { leader, in_flight: false, retry_at, .. } = &mut self.role
                && *leader == from
            {
                *retry_at = Some(now.plus(self.settings.fetch_timeout / 20));
            }
            return;
        }
        let timeout = self.settings.fetch_timeout;
        match &mut self.role {
            Role::Follower { leader, until, fetched, retry_at, .. } if *leader == from => {
                *until = now.plus(timeout);
                *fetched = true;
                *retry_at = None;
            }
            _ => return,
        }
        match content {
            FetchContent::Records { batches, high_watermark } => {
                self.follower_append(batches, effects);
                self.leader_high_watermark(high_watermark, effects);
            }
            FetchContent::Diverging { epoch, end } => {
                let (_, own_end) = self.log.end_of_epoch(epoch);
                self.truncate(end.min(own_end), effects);
            }
            FetchContent::Snapshot(snapshot) => effects.push(Effect::SnapshotNeeded(snapshot)),
            FetchContent::Nothing => {}
        }
        self.send_fetch(effects);
    }

    fn follower_append(&mut self, batches: Vec<Batch>, effects: &mut Vec<Effect>) {
        for batch in batches {
            // What does not follow on is an answer to an older fetch, or another leader's mistake.
            if batch.base != self.log.end()
                || batch.epoch < self.log.last_epoch()
                || batch.epoch > self.epoch
            {
                return;
            }
            self.log.append(batch.epoch, batch.end);
            effects.push(Effect::Write(batch));
        }
    }

    fn truncate(&mut self, end: Offset, effects: &mut Vec<Effect>) {
        let committed = self.high_watermark.unwrap_or(Offset::ZERO);
        assert!(end >= committed, "the leader asks to drop committed records from {end} on");
        if end < self.log.end() {
            self.log.truncate(end);
            self.synced = self.synced.min(end);
            effects.push(Effect::Truncate(end));
        }
    }

    /// What the leader says is committed, as far as it is here.
    fn leader_high_watermark(&mut self, leader: Option<Offset>, effects: &mut Vec<Effect>) {
        let Some(leader) = leader else { return };
        let known = leader.min(self.synced);
        if Some(known) > self.high_watermark && known > Offset::ZERO {
            self.high_watermark = Some(known);
            effects.push(Effect::HighWatermark(known));
        }
    }
}
