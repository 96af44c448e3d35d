use std::cell::RefCell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use model::SeededRandom;

use crate::allocations::peak_of;
use crate::hex::to_hex;
use crate::limits::{HEX_SIZE_MAX, NOISE_SIZE_MAX};
use crate::minimise::minimise;
use crate::mutate::{damage, size};
use crate::target::{Target, Verdict};
use crate::watch::running;

/// What a run did: one that was refused everything, or nothing, proves little.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub taken: u64,
    pub refused: u64,
    /// Most bytes of memory that one input took, beyond what the target may hold for an empty one, for each of its bytes.
    pub memory_per_byte: usize,
    /// Most bytes of memory that one input took.
    pub memory: usize,
}

impl Counts {
    pub fn add(&mut self, other: Self) {
        self.taken += other.taken;
        self.refused += other.refused;
        self.memory_per_byte = self.memory_per_byte.max(other.memory_per_byte);
        self.memory = self.memory.max(other.memory);
    }
}

/// What does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    Panic(String),
    Memory {
        held: usize,
        allowed: usize,
    },
    /// A valid input was not taken.
    Refused,
}

/// An input at which a target broke.
#[derive(Clone, Debug)]
pub struct Failure {
    pub target: &'static str,
    pub seed: u64,
    pub broken: Broken,
    /// Made small.
    pub input: Vec<u8>,
}

/// Tries `count` inputs that follow from `seed`.
pub fn run(target: &'static Target, seed: u64, count: u64) -> Result<Counts, Box<Failure>> {
    let mut random = SeededRandom::new(seed);
    let mut counts = Counts::default();
    for _ in 0..count {
        let (input, must_be_taken) = input(target, &mut random);
        let failed = |broken| {
            Box::new(Failure { target: target.name, seed, broken, input: small(target, &input) })
        };
        match attempt(target, &input) {
            Ok((Verdict::Refused, _)) if must_be_taken => return Err(failed(Broken::Refused)),
            Ok((verdict, held)) => {
                counts.taken += u64::from(verdict == Verdict::Taken);
                counts.refused += u64::from(verdict == Verdict::Refused);
                let beyond = held.saturating_sub(target.memory.base);
                let per_byte = beyond / input.len().max(1);
                counts.memory_per_byte = counts.memory_per_byte.max(per_byte);
                counts.memory = counts.memory.max(held);
            }
            Err(broken) => return Err(failed(broken)),
        }
    }
    Ok(counts)
}

/// Tries one input.
pub fn repeat(target: &'static Target, input: &[u8]) -> Result<Verdict, Broken> {
    attempt(target, input).map(|(verdict, _)| verdict)
}

/// An input, and whether it is valid.
fn input(target: &Target, random: &mut SeededRandom) -> (Vec<u8>, bool) {
    if random.one_in(32) {
        let mut noise = vec![0; size(random.below(NOISE_SIZE_MAX))];
        random.fill(&mut noise);
        return (noise, false);
    }
    let mut bytes = (target.seed)(random);
    if random.one_in(16) {
        return (bytes, target.seeds_are_whole);
    }
    let other = (target.seed)(random);
    damage(&mut bytes, &other, random);
    if let Some(mend) = target.mend
        && !random.one_in(4)
    {
        mend(&mut bytes);
    }
    (bytes, false)
}

fn small(target: &'static Target, input: &[u8]) -> Vec<u8> {
    minimise(input, |input| attempt(target, input).is_err())
}

fn attempt(target: &'static Target, input: &[u8]) -> Result<(Verdict, usize), Broken> {
    catch_quietly();
    let watched = running(target.name, input);
    let (held, verdict) = peak_of(|| catch_unwind(AssertUnwindSafe(|| (target.run)(input))));
    drop(watched);
    let verdict = verdict.map_err(|_| Broken::Panic(PANIC.take().unwrap_or_default()))?;
    let allowed = target.memory.allowed(input.len());
    if held > allowed {
        return Err(Broken::Memory { held, allowed });
    }
    Ok((verdict, held))
}

thread_local! {
    /// What the last panic of this thread said, while a target runs.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Panics of targets are findings: they are kept, and printed with what led to them. Others are printed as ever.
fn catch_quietly() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let printing = take_hook();
        set_hook(Box::new(move |panic| {
            if crate::watch::is_running() {
                PANIC.replace(Some(panic.to_string()));
            } else {
                printing(panic);
            }
        }));
    });
}

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panic(text) => formatter.write_str(text),
            Self::Memory { held, allowed } => {
                write!(formatter, "held {held} bytes of memory, {allowed} are allowed")
            }
            Self::Refused => formatter.write_str("a valid input was refused"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { target, seed, broken, input } = self;
        let mut shown = to_hex(input);
        if shown.len() > HEX_SIZE_MAX {
            let path = std::env::temp_dir().join(format!("fuzz-{target}-{seed}"));
            if std::fs::write(&path, input).is_ok() {
                shown = path.display().to_string();
            }
        }
        write!(
            formatter,
            "target {target} broke at seed {seed}: {broken}\n\
             repeat: cargo xtask fuzz --target {target} --input {shown}"
        )
    }
}

impl std::error::Error for Failure {}
