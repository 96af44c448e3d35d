use wire::messages::share_fetch_request::AcknowledgementBatch;

/// What became of records that a share group handed out, by their offsets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acknowledgements {
    /// In the order of their offsets, none beside another of its kind.
    runs: Vec<Run>,
}

/// What became of one record. The numbers are the protocol's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// There is no record at this offset, or none that is shown.
    Gap = 0,
    Accept = 1,
    /// Others may have it at once.
    Release = 2,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    first: i64,
    last: i64,
    kind: Kind,
}

impl Acknowledgements {
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Adds the offsets from `first` to `last`, which come behind all that are here; none, if `last` is before `first`.
    pub(super) fn push(&mut self, first: i64, last: i64, kind: Kind) {
        if last < first {
            return;
        }
        match self.runs.last_mut() {
            Some(run) if run.kind == kind && run.last.checked_add(1) == Some(first) => {
                run.last = last;
            }
            _ => self.runs.push(Run { first, last, kind }),
        }
    }

    /// Adds those of other offsets.
    pub(super) fn merge(&mut self, others: Self) {
        self.runs.extend(others.runs);
        self.runs.sort_unstable_by_key(|run| run.first);
    }

    pub(super) fn to_wire(&self) -> Vec<AcknowledgementBatch> {
        let batch = |run: &Run| AcknowledgementBatch {
            first_offset: run.first,
            last_offset: run.last,
            acknowledge_types: vec![run.kind as i8],
        };
        self.runs.iter().map(batch).collect()
    }

    #[cfg(test)]
    pub(super) fn of(runs: &[(i64, i64, Kind)]) -> Self {
        let mut made = Self::default();
        runs.iter().for_each(|(first, last, kind)| made.push(*first, *last, *kind));
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_kind_are_one_batch() {
        let mut made = Acknowledgements::of(&[
            (0, 1, Kind::Accept),
            (2, 2, Kind::Accept),
            (3, 2, Kind::Release),
            (3, 3, Kind::Gap),
            (9, 9, Kind::Gap),
        ]);
        made.merge(Acknowledgements::of(&[(4, 8, Kind::Release)]));
        let batches: Vec<_> = made
            .to_wire()
            .into_iter()
            .map(|it| (it.first_offset, it.last_offset, it.acknowledge_types))
            .collect();
        let wanted = [(0, 2, vec![1]), (3, 3, vec![0]), (4, 8, vec![2]), (9, 9, vec![0])];
        assert_eq!(batches, wanted);
    }
}
