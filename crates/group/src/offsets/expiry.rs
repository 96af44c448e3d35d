use std::ops::Bound;
use std::time::Duration;

use model::{Timestamp, TopicName};

use super::{CommittedOffset, PartitionKey};
use crate::decision::Outcome;
use crate::shard::HardGroup;
use crate::soft::Expiry;
use crate::timers::TimerKey;
use crate::{
    EXPIRY_GROUP_COUNT_MAX, EXPIRY_RECORD_COUNT_MAX, EXPIRY_STEP_PAUSE, Event, GroupId,
    GroupRecord, GroupShard, Now, Soft, State,
};

/// From when on the retention counts (KIP-211).
#[derive(Clone, Copy, Debug)]
enum KeptSince {
    /// The group lost its last member then.
    Moment(Timestamp),
    /// Nobody knows when the group was last in use but by its commits.
    Commit,
    /// The group is in use in a way that keeps all its offsets.
    InUse,
}

impl GroupShard {
    pub(crate) fn schedule_expiry(&self, soft: &mut Soft, now: Now) {
        let interval = soft.settings.offsets_retention_check_interval;
        set_timer(soft, now, interval);
    }

    /// Looks at the next groups; a run that has more to do goes on after a short pause.
    pub(crate) fn expiry_timer_fired(&self, soft: &mut Soft, now: Now, out: &mut Outcome) {
        let Soft { timers, expiry, .. } = soft;
        if !timers.is_due(&mut expiry.timer, now.instant, TimerKey::Expiry) {
            return;
        }
        let from = match &soft.expiry.after {
            Some(after) => Bound::Excluded(after.clone()),
            None => Bound::Unbounded,
        };
        let mut groups = self.groups.range::<GroupId, _>((from, Bound::Unbounded));
        for (id, hard) in groups.by_ref().take(EXPIRY_GROUP_COUNT_MAX) {
            let before = out.records.len();
            let all_gone = expire_group(soft, now, id, hard, out);
            soft.expiry.offset_count += out.records.len() - before;
            let unused = !soft.groups.contains_key(id);
            if all_gone && unused && hard.exists && hard.share.is_none() && !hard.has_members() {
                soft.expiry.group_count += 1;
                hard.remove_group(id, &mut out.records);
                soft.forget_streams_group(id);
            }
            soft.expiry.after = Some(id.clone());
            if out.records.len() >= EXPIRY_RECORD_COUNT_MAX {
                break;
            }
        }
        if groups.next().is_some() {
            return set_timer(soft, now, EXPIRY_STEP_PAUSE);
        }
        let Expiry { group_count, offset_count, .. } = soft.expiry;
        if group_count + offset_count > 0 {
            out.events.push(Event::OffsetsExpired { group_count, offset_count });
        }
        soft.expiry.after = None;
        (soft.expiry.group_count, soft.expiry.offset_count) = (0, 0);
        self.schedule_expiry(soft, now);
    }
}

fn set_timer(soft: &mut Soft, now: Now, wait: Duration) {
    let Soft { timers, expiry, .. } = soft;
    timers.set(&mut expiry.timer, now.instant.plus(wait), || TimerKey::Expiry);
}

/// Removes what has been kept long enough; whether that was all.
fn expire_group(soft: &Soft, now: Now, id: &GroupId, hard: &HardGroup, out: &mut Outcome) -> bool {
    let since = kept_since(soft, id, hard);
    if matches!(since, KeptSince::InUse) {
        return hard.offsets.is_empty();
    }
    let live = soft.groups.get(id);
    let mut all_gone = true;
    for (topic, partitions) in hard.offsets.topics() {
        let (consumer, streams) = (hard.consumer.as_ref(), hard.streams.as_ref());
        if live.is_some_and(|live| live.is_subscribed_to(topic))
            || consumer.is_some_and(|group| group.is_subscribed_to(topic.as_str()))
            || streams.is_some_and(|group| group.is_subscribed_to(topic.as_str()))
        {
            all_gone = false;
            continue;
        }
        for (&partition, offset) in partitions {
            let over = is_over(offset, since, now.wall, soft.settings.offsets_retention);
            if over && !hard.offsets.is_open(topic, partition) {
                let topic = TopicName::clone(topic);
                let partition = PartitionKey { topic, partition };
                out.records.push(GroupRecord::OffsetRemoved { group: id.clone(), partition });
            } else {
                all_gone = false;
            }
        }
    }
    all_gone && !hard.offsets.has_open_transactions()
}

fn kept_since(soft: &Soft, id: &GroupId, hard: &HardGroup) -> KeptSince {
    if hard.share.is_some() {
        // When members of that type used it last is in nothing that is read here.
        return KeptSince::InUse;
    }
    if let Some(live) = soft.groups.get(id)
        && live.state() != State::Empty
    {
        // A stable group of consumers drops what it no longer reads; any other keeps everything.
        let drops = live.uses_consumer_protocol()
            && live.knows_subscription()
            && live.state() == State::Stable;
        return if drops { KeptSince::Commit } else { KeptSince::InUse };
    }
    match &hard.stored {
        Some(stored) if stored.protocol_type.is_some() => {
            stored.state_since.map_or(KeptSince::Commit, KeptSince::Moment)
        }
        _ => KeptSince::Commit,
    }
}

fn is_over(
    offset: &CommittedOffset,
    since: KeptSince,
    now: Timestamp,
    retention: Duration,
) -> bool {
    if let Some(expires_at) = offset.expires_at {
        return now >= expires_at;
    }
    let since = match since {
        KeptSince::Moment(moment) => moment,
        KeptSince::Commit => offset.committed_at,
        KeptSince::InUse => return false,
    };
    let kept = u64::try_from(now.as_millis().saturating_sub(since.as_millis())).unwrap_or(0);
    u128::from(kept) >= retention.as_millis()
}
