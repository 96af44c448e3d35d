use std::fmt;

use crate::trace::Trace;

/// What kind of thing went wrong. Each has its own exit code, so that a search over seeds can tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The code under test stopped: a broken assertion.
    Crash,
    /// It did not get on: something that must happen in the end did not.
    Liveness,
    /// It did what must never happen: an invariant of `invariants/` is broken.
    Correctness,
}

impl FailureKind {
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Crash => 101,
            Self::Liveness => 102,
            Self::Correctness => 103,
        }
    }
}

/// A broken invariant, seen at some step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub kind: FailureKind,
    /// The invariant's name, that of its file.
    pub invariant: &'static str,
    pub text: String,
}

impl Broken {
    pub fn correctness(invariant: &'static str, text: impl fmt::Display) -> Self {
        Self { kind: FailureKind::Correctness, invariant, text: text.to_string() }
    }

    pub fn liveness(invariant: &'static str, text: impl fmt::Display) -> Self {
        Self { kind: FailureKind::Liveness, invariant, text: text.to_string() }
    }

    pub fn crash(text: impl fmt::Display) -> Self {
        Self { kind: FailureKind::Crash, invariant: "no_crash", text: text.to_string() }
    }
}

/// A failed run, with all that is needed to see it again.
#[derive(Clone, Debug)]
pub struct Failure {
    pub scenario: &'static str,
    pub seed: u64,
    pub broken: Broken,
    pub trace: Trace,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.trace.last(60) {
            writeln!(formatter, "  {line}")?;
        }
        let Broken { kind, invariant, text } = &self.broken;
        writeln!(formatter, "{kind:?} in {}: {invariant}: {text}", self.scenario)?;
        write!(
            formatter,
            "repeat it with: cargo xtask sim --{} --seed {}",
            self.scenario, self.seed
        )
    }
}
