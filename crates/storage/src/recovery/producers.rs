//! What is known of a log's producers, on the way from files to memory.

use model::Offset;
use record::BatchView;
use replica::{EndedTransaction, ProducerStates};

use super::partition::RecoveringPartition;
use crate::error::Result;
use crate::facts::batch_facts;
use crate::partition_log::{finish_at, newest_snapshot, snapshot_between};
use crate::place::Kind;
use crate::producer_windows::decode_retired;
use crate::scan::HeaderScan;

impl RecoveringPartition {
    /// From snapshots and batches, of a log without an entry in the own checkpoint. `point`: all before it was there when
    /// this life of the log began, and may be about to be cut; `windows`: what the last clean stop knew besides.
    pub(super) fn load_producers(
        &mut self,
        point: Option<Offset>,
        windows: Option<&ProducerStates>,
    ) -> Result<()> {
        let mut producers = self.scan_producers()?;
        if let Some(windows) = windows {
            producers.remember_older(windows);
        }
        if let Some(point) = point.filter(|point| *point > self.log_end) {
            let mut before = newest_snapshot(&self.files, self.log_end, point)?;
            if let Some(windows) = windows {
                before.remember_older(windows);
            }
            producers.remember(&before.below(self.log_end));
        }
        self.producers = Some(producers);
        Ok(())
    }

    /// What a move of the log's start knew, whose segments may be gone by now with batches that nobody has seen since.
    pub(super) fn learn_producers(&mut self, payload: &[u8]) {
        let Some(states) = decode_retired(payload) else { return };
        let known = self.producers.as_mut().unwrap_or(&mut self.remembered);
        if known.end() < states.end() {
            let before = std::mem::replace(known, states);
            known.remember(&before);
        } else {
            known.remember(&states);
        }
    }

    /// Batches are gone that were never seen: the snapshot of the roll behind them knows what comes last of each producer.
    pub(super) fn know_missed_producers(&mut self) -> Result<()> {
        let (Some(missed), Some(known)) = (self.missed, &self.producers) else { return Ok(()) };
        let first = self.segments.first().map_or(self.log_end, |first| first.base);
        let Some(states) = snapshot_between(&self.files, missed, first, self.log_end)? else {
            return Ok(());
        };
        let mut scanned = self.scan_producers_from(states)?;
        scanned.remember(known);
        self.producers = Some(scanned);
        Ok(())
    }

    /// Takes in a batch of the log, whether it will stay in its file or not.
    pub(super) fn replay_producers(&mut self, batch: &BatchView<'_>) -> Option<EndedTransaction> {
        let header = batch.header();
        let is_known = self.producers.is_some();
        let states = self.producers.as_mut().unwrap_or(&mut self.remembered);
        if header.last_offset() < states.end() {
            return None;
        }
        let ended = states.replay(header.base_offset(), &batch_facts(batch), None);
        ended.filter(|_| is_known)
    }

    /// The log was cut at `end`: what is left of the producers is remembered until they are made again.
    pub(super) fn cut_producers(&mut self, end: Offset) {
        match self.producers.take() {
            Some(known) if known.end() <= end => self.producers = Some(known),
            Some(known) => self.remembered = known.below(end),
            None => self.remembered = self.remembered.below(end),
        }
    }

    /// Makes producers again if a truncation left them behind.
    pub(super) fn know_producers(&mut self) -> Result<()> {
        if self.producers.is_none() {
            let mut producers = self.scan_producers()?;
            producers.remember(&self.remembered);
            self.producers = Some(producers);
        }
        Ok(())
    }

    fn scan_producers(&self) -> Result<ProducerStates> {
        // One from the start of the first segment knows of what is deleted in it, too.
        let first = self.segments.first().map_or(self.log_start, |first| first.base);
        let floor = first.min(self.log_start);
        self.scan_producers_from(newest_snapshot(&self.files, floor, self.log_end)?)
    }

    pub(super) fn scan_producers_from(&self, mut states: ProducerStates) -> Result<ProducerStates> {
        let first = self.segments.partition_point(|segment| segment.base <= states.end());
        for segment in self.segments.iter().skip(first.saturating_sub(1)) {
            if segment.size == 0 || states.end() >= self.log_end {
                continue;
            }
            let file = self.files.open(segment.base, Kind::Log)?;
            let path = self.files.path(segment.base, Kind::Log);
            let mut scan = HeaderScan::new(&*file, segment.base, 0, segment.size);
            while let Some(at) = scan.next_header().map_err(|error| error.at(&path))? {
                if at.header.last_offset() >= states.end() && at.header.producer().is_some() {
                    let bytes = scan.checked_batch(&at).map_err(|error| error.at(&path))?;
                    if let Ok(batch) = BatchView::parse(bytes) {
                        states.replay(at.header.base_offset(), &batch_facts(&batch), None);
                    }
                }
            }
        }
        Ok(finish_at(states, self.log_end))
    }
}
