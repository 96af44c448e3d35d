use std::collections::{BTreeMap, BTreeSet};
use std::iter::repeat;

use group::{MemberId, Ticket};
use model::{Instant, Offset};

use super::partition_log::PartitionLog;
use super::{Broken, check};
use crate::samples::offset;
use crate::{AcknowledgeType, AcquiredRecords, OffsetRange};

/// What every record has been through, in the plainest words.
#[derive(Default)]
pub(super) struct Model {
    records: BTreeMap<Offset, Seen>,
    /// By life of a leader, since two may run at once.
    lives: BTreeMap<u32, Life>,
    /// Records that a member has rejected, and those that went to the dead letters.
    rejected: BTreeSet<Offset>,
    lettered: BTreeSet<Offset>,
    delivery_count_limit: u16,
    pub(super) committed_only: bool,
}

#[derive(Clone, Default)]
struct Seen {
    was_delivered: bool,
    /// The leader by which a member was told that its decision is done. One that was overtaken and has not heard of it
    /// may still hand the record out, later ones may not.
    decided_by: Option<u32>,
    /// A decision that was asked for, whatever came of it.
    may_be_decided: bool,
    /// Has been at the limit, so that it may have been given up.
    may_be_given_up: bool,
    /// A delivery count that is known to be written.
    written_count: u16,
}

/// What one leader has handed out.
#[derive(Default)]
struct Life {
    held: BTreeMap<Offset, Held>,
    /// Counts that were known to be written when it began.
    written: BTreeMap<Offset, u16>,
    /// Counts as they were told last.
    counts: BTreeMap<Offset, u16>,
    asked: BTreeMap<Ticket, Asked>,
    start: Option<Offset>,
}

/// What a request wants, and until when it renews locks.
struct Asked {
    plan: Vec<(OffsetRange, AcknowledgeType)>,
    renewed: Instant,
    /// It was taken, and its records settle.
    waits: bool,
}

struct Held {
    member: MemberId,
    until: Instant,
    settles: bool,
}

pub(super) fn each(range: OffsetRange) -> impl Iterator<Item = Offset> {
    (range.first().to_wire()..range.end().to_wire()).map(offset)
}

impl Model {
    pub(super) fn new(delivery_count_limit: u16, committed_only: bool) -> Self {
        Self { delivery_count_limit, committed_only, ..Self::default() }
    }

    fn life(&mut self, life: u32) -> &mut Life {
        self.lives.entry(life).or_default()
    }

    pub(super) fn begin_life(&mut self, life: u32) {
        let written = self.records.iter().map(|(at, seen)| (*at, seen.written_count)).collect();
        self.life(life).written = written;
    }

    pub(super) fn forget_life(&mut self, life: u32) {
        self.lives.remove(&life);
    }

    pub(super) fn acquired(
        &mut self,
        life: u32,
        now: Instant,
        until: Instant,
        member: &MemberId,
        rows: &[AcquiredRecords],
        log: &PartitionLog,
    ) -> Result<(), Broken> {
        let limit = self.delivery_count_limit;
        let committed_only = self.committed_only;
        for (at, count) in
            rows.iter().flat_map(|row| each(row.range).map(|at| (at, row.delivery_count)))
        {
            let seen = self.records.entry(at).or_default();
            let of_life = self.lives.entry(life).or_default();
            check(
                log.has(at, committed_only),
                "only records that are there are delivered",
                || format!("{at} was delivered"),
            )?;
            let is_open = seen.decided_by.is_none_or(|by| by > life);
            check(is_open, "a decided record is not delivered again", || {
                format!("{at} to {member}")
            })?;
            let held = of_life.held.get(&at);
            check(
                held.is_none_or(|held| !held.settles && held.until <= now),
                "one holder",
                || format!("{at} is given to {member}, held by {}", held.unwrap().member),
            )?;
            check(count <= limit, "no more deliveries than the limit", || {
                format!("{at}: {count}")
            })?;
            // The first leader's counts are exact; a later one knows at least what was written.
            let known = of_life.counts.get(&at).copied();
            let written = of_life.written.get(&at).copied().unwrap_or(0);
            let fits = known.map_or(count > written, |known| count == known + 1);
            check(fits, "delivery counts go up one by one", || {
                format!("{at}: {count} after {known:?}, {written} written")
            })?;
            seen.was_delivered = true;
            seen.may_be_given_up |= count == limit;
            of_life.counts.insert(at, count);
            of_life.held.insert(at, Held { member: member.clone(), until, settles: false });
        }
        Ok(())
    }

    pub(super) fn acknowledges(
        &mut self,
        life: u32,
        ticket: Ticket,
        plan: Vec<(OffsetRange, AcknowledgeType)>,
        renewed: Instant,
    ) {
        for (range, kind) in &plan {
            for at in each(*range) {
                let seen = self.records.entry(at).or_default();
                seen.may_be_decided |= is_final(*kind);
            }
        }
        self.life(life).asked.insert(ticket, Asked { plan, renewed, waits: false });
    }

    /// The answer is still to come: nobody else may get the records. Renewals need no write.
    pub(super) fn waits(&mut self, life: u32, ticket: Ticket) {
        let of_life = self.life(life);
        let Some(asked) = of_life.asked.get_mut(&ticket) else { return };
        for (at, kind) in
            asked.plan.iter().flat_map(|(range, kind)| each(*range).zip(repeat(*kind)))
        {
            let Some(held) = of_life.held.get_mut(&at) else { continue };
            match kind {
                AcknowledgeType::Renew => held.until = asked.renewed,
                _ => held.settles = true,
            }
        }
        asked.waits = true;
        asked.plan.retain(|(_, kind)| *kind != AcknowledgeType::Renew);
    }

    /// How the acknowledgements went.
    pub(super) fn answered(
        &mut self,
        life: u32,
        ticket: Ticket,
        is_done: bool,
    ) -> Result<(), Broken> {
        let of_life = self.lives.entry(life).or_default();
        let asked = of_life.asked.remove(&ticket);
        check(asked.is_some(), "each request is answered once", || format!("{ticket:?}"))?;
        let Some(Asked { plan, renewed, waits }) = asked else { return Ok(()) };
        if !is_done && !waits {
            return Ok(());
        }
        for (range, kind) in plan {
            for at in each(range) {
                let Some(held) = of_life.held.get_mut(&at) else { continue };
                held.settles = false;
                if !is_done {
                    continue;
                }
                if kind == AcknowledgeType::Renew {
                    held.until = renewed;
                    continue;
                }
                of_life.held.remove(&at);
                if kind == AcknowledgeType::Reject {
                    self.rejected.insert(at);
                }
                let seen = self.records.entry(at).or_default();
                if is_final(kind) {
                    seen.decided_by = seen.decided_by.or(Some(life));
                }
                if kind == AcknowledgeType::Release {
                    seen.written_count =
                        seen.written_count.max(of_life.counts.get(&at).copied().unwrap_or(0));
                }
            }
        }
        Ok(())
    }

    pub(super) fn released(&mut self, life: u32, member: &MemberId) {
        self.life(life).held.retain(|_, held| held.member != *member || held.settles);
    }

    /// Whose records of this member are his to decide about.
    pub(super) fn held_by(&self, life: u32, member: &MemberId) -> Vec<Offset> {
        let Some(of_life) = self.lives.get(&life) else { return Vec::new() };
        let own = of_life.held.iter().filter(|(_, held)| held.member == *member && !held.settles);
        own.map(|(at, _)| *at).collect()
    }

    pub(super) fn start_is(
        &mut self,
        life: u32,
        start: Offset,
        log: &PartitionLog,
    ) -> Result<(), Broken> {
        let before = self.life(life).start.replace(start);
        check(
            before.is_none_or(|before| before <= start),
            "the start offset goes forward",
            || format!("{before:?} to {start}"),
        )?;
        let from = before.unwrap_or(Offset::ZERO);
        let committed_only = self.committed_only;
        for at in OffsetRange::between(from, start).into_iter().flat_map(each) {
            let seen = self.records.get(&at).cloned().unwrap_or_default();
            let is_over = at < log.start || !log.has(at, committed_only);
            let may_pass = is_over || seen.may_be_decided || seen.may_be_given_up;
            check(may_pass, "the start offset passes decided records only", || format!("{at}"))?;
        }
        Ok(())
    }

    /// When all is quiet, whatever is left in the log has been delivered.
    pub(super) fn all_delivered(&self, from: Offset, log: &PartitionLog) -> Result<(), Broken> {
        for at in OffsetRange::between(from.max(log.start), log.end).into_iter().flat_map(each) {
            if log.has(at, self.committed_only) {
                let was_delivered = self.records.get(&at).is_some_and(|seen| seen.was_delivered);
                check(was_delivered, "each record is delivered", || format!("{at}"))?;
            }
        }
        Ok(())
    }

    pub(super) fn is_lettered(&mut self, range: OffsetRange) {
        self.lettered.extend(each(range));
    }

    /// Unless the log was cut first.
    pub(super) fn all_rejected_are_lettered(&self, log: &PartitionLog) -> Result<(), Broken> {
        let mut kept = self.rejected.difference(&self.lettered).filter(|at| **at >= log.start);
        let lost = kept.next();
        check(lost.is_none(), "rejected records become dead letters", || format!("{lost:?}"))
    }

    pub(super) fn nobody_waits(&self, life: u32) -> Result<(), Broken> {
        let waiting = self.lives.get(&life).map_or(0, |of_life| of_life.asked.len());
        check(waiting == 0, "each request is answered", || format!("{waiting} are not"))
    }
}

const fn is_final(kind: AcknowledgeType) -> bool {
    matches!(kind, AcknowledgeType::Accept | AcknowledgeType::Reject | AcknowledgeType::Gap)
}
