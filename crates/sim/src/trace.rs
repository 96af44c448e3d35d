use std::collections::VecDeque;
use std::fmt;

use crate::limits::TRACE_LINE_COUNT_MAX;

/// What happened in a run, in order. The newest lines are kept to be read; all of them go into the digest, so two
/// runs of one seed are the same exactly when their traces are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    lines: VecDeque<String>,
    count: u64,
    digest: u64,
}

impl Trace {
    pub fn new() -> Self {
        Self { digest: FNV_START, ..Self::default() }
    }

    pub fn line(&mut self, line: impl fmt::Display) {
        let line = line.to_string();
        for byte in line.bytes().chain([b'\n']) {
            self.digest = (self.digest ^ u64::from(byte)).wrapping_mul(FNV_PRIME);
        }
        self.count += 1;
        if self.lines.len() == TRACE_LINE_COUNT_MAX {
            self.lines.pop_front();
        }
        self.lines.push_back(line);
    }

    /// Lines so far, those no longer kept among them.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Of all lines (FNV-1a).
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// The newest `count` lines that are kept.
    pub fn last(&self, count: usize) -> impl Iterator<Item = &str> {
        self.lines.iter().skip(self.lines.len().saturating_sub(count)).map(String::as_str)
    }
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_no_longer_kept_still_tells_traces_apart() {
        let (mut first, mut second) = (Trace::new(), Trace::new());
        first.line("a");
        second.line("b");
        for _ in 0..=TRACE_LINE_COUNT_MAX {
            first.line("same");
            second.line("same");
        }
        assert!(first.last(TRACE_LINE_COUNT_MAX).eq(second.last(TRACE_LINE_COUNT_MAX)));
        assert_ne!(first, second);
    }
}
