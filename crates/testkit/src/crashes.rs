//! Brokers that crash under load again and again, and what that costs.

use std::path::Path;
use std::time::{Duration, Instant};

use model::SeededRandom;
use tempfile::TempDir;

use crate::load::{Crash, Load, Program, Tally};
use crate::lossy_fs::{CutCounts, LossyFs, NameRule};
use crate::{ApacheKafka, Failed, Ottla, Step};

/// After so many crashes topics are made anew, so that reading everything stays quick.
const ERA_LENGTH: u32 = 8;

/// What to do.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    pub program: Program,
    pub crash: Crash,
    pub count: u32,
    pub seed: u64,
}

/// What it came to.
#[derive(Debug, Default)]
pub struct Sum {
    pub crashes: u32,
    pub tally: Tally,
    /// What power cuts did to what was not synced.
    pub unsynced: CutCounts,
}

enum Broker {
    Ottla(Box<Ottla>),
    ApacheKafka(Box<ApacheKafka>),
}

impl Broker {
    fn start(program: Program, data: &Path) -> Result<Self, Failed> {
        Ok(match program {
            Program::Ottla => Self::Ottla(Box::new(Ottla::start_in(data, &[])?)),
            Program::ApacheKafka => {
                Self::ApacheKafka(Box::new(ApacheKafka::start_in(data, &["-Xmx512m"], &[])?))
            }
        })
    }

    fn address(&self) -> String {
        match self {
            Self::Ottla(ottla) => ottla.bootstrap(),
            Self::ApacheKafka(kafka) => kafka.bootstrap(),
        }
    }

    fn pid(&self) -> u32 {
        match self {
            Self::Ottla(ottla) => ottla.pid(),
            Self::ApacheKafka(kafka) => kafka.pid(),
        }
    }

    fn kill(&mut self) -> Result<(), Failed> {
        match self {
            Self::Ottla(ottla) => ottla.kill(),
            Self::ApacheKafka(kafka) => kafka.kill(),
        }
    }

    /// Starts it and does not wait for it.
    fn spawn(&mut self) -> Result<(), Failed> {
        match self {
            Self::Ottla(ottla) => ottla.spawn(),
            Self::ApacheKafka(kafka) => kafka.spawn(),
        }
    }

    fn restart(&mut self) -> Result<(), Failed> {
        match self {
            Self::Ottla(ottla) => ottla.restart(),
            Self::ApacheKafka(kafka) => kafka.restart(),
        }
    }
}

/// How a crash is made worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Twist {
    Plain,
    /// It was about to stop cleanly.
    WhileStopping,
    /// It crashes again while it recovers.
    Twice,
}

impl Twist {
    fn draw(random: &mut SeededRandom) -> Self {
        match random.below(6) {
            0 => Self::WhileStopping,
            1 => Self::Twice,
            _ => Self::Plain,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Plain => "under load",
            Self::WhileStopping => "while it stopped",
            Self::Twice => "under load and in its recovery",
        }
    }
}

/// Crashes a broker under load, starts it again and looks, as often as wished. `report` gets a line for each crash.
pub fn run(wish: Wish, mut report: impl FnMut(&str)) -> Result<Sum, Failed> {
    let mut random = SeededRandom::new(wish.seed);
    // Apache Kafka is measured on the kinder rule, which is ext4's.
    let rule = match wish.program {
        Program::Ottla => NameRule::EachDirectory,
        Program::ApacheKafka => NameRule::Journal,
    };
    let mut disk = match wish.crash {
        Crash::Kill => None,
        Crash::PowerCut => Some(LossyFs::new(rule)?),
    };
    let own = TempDir::new().map_err(|error| Failed(format!("make a directory: {error}")))?;
    let place = disk.as_ref().map_or_else(|| own.path(), LossyFs::path).join("data");
    let mut broker = Broker::start(wish.program, &place)?;
    let mut load = Load::new(wish.program, random.next_u64());
    load.prepare(&broker.address())?;
    let mut sum = Sum::default();
    for number in 1..=wish.count {
        if number % ERA_LENGTH == 0 {
            load.renew(&broker.address())?;
        }
        // Long lives now and then, in which the write-ahead log goes round and checkpoints are taken.
        let long = if random.one_in(8) { 2_000 } else { 0 };
        let time = Duration::from_millis(20 + random.below(480) + long);
        let twist = Twist::draw(&mut random);
        if let Some(disk) = &disk {
            // A slow device has more in flight.
            let delay_ms = [0, 0, 1, 8][usize::try_from(random.below(4)).unwrap_or(0)];
            disk.delay_syncs(Duration::from_millis(delay_ms));
        }
        let before = load.acknowledged();
        let unsynced = load.run_until(&broker.address(), 200, time, || {
            if twist == Twist::WhileStopping {
                Step::new("kill").args(["-TERM", &broker.pid().to_string()]).run()?;
                std::thread::sleep(Duration::from_micros(random.below(60_000)));
            }
            crash(&mut broker, disk.as_mut(), random.next_u64())
        })?;
        sum.unsynced.add(unsynced);
        let acknowledged = load.acknowledged() - before;
        if twist == Twist::Twice {
            broker.spawn()?;
            std::thread::sleep(Duration::from_micros(random.below(80_000)));
            sum.unsynced.add(crash(&mut broker, disk.as_mut(), random.next_u64())?);
        }
        let began = Instant::now();
        broker.restart()?;
        let started = began.elapsed();
        let mut tally = load.check(&broker.address(), wish.crash)?;
        tally.acknowledged = acknowledged;
        tally.rolled_segments = rolled_segments(&place);
        sum.crashes += 1;
        sum.tally.add(&tally);
        let dice = disk.as_ref().map_or_else(String::new, |_| format!("; {unsynced}"));
        report(&format!(
            "{number} {} after {} ms{dice}; back in {} ms: {tally}",
            twist.words(),
            time.as_millis(),
            started.as_millis(),
        ));
        for wrong in &tally.wrong {
            report(&format!("{number} WRONG: {wrong}"));
        }
        if tally.anomalies() > 0 && wish.program == Program::Ottla {
            return Err(Failed(format!("crash {number} of seed {}: {tally}", wish.seed)));
        }
    }
    Ok(sum)
}

fn crash(broker: &mut Broker, disk: Option<&mut LossyFs>, seed: u64) -> Result<CutCounts, Failed> {
    let counts = match disk {
        Some(disk) => disk.power_cut(seed, &[broker.pid()])?,
        None => CutCounts::default(),
    };
    broker.kill()?;
    Ok(counts)
}

/// Segments beyond the first of each partition.
fn rolled_segments(data: &Path) -> u64 {
    let list = |path: &Path| std::fs::read_dir(path).into_iter().flatten().flatten();
    let mut count = 0;
    for partition in list(data) {
        let logs = list(&partition.path());
        let logs = logs.filter(|entry| entry.path().extension().is_some_and(|e| e == "log"));
        count += (logs.count() as u64).saturating_sub(1);
    }
    count
}
