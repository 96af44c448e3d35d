//! The exactly-once workload on a real broker: producers, members of a consumer group (KIP-848) that copy in transactions,
//! members of a share group that read the copies, and a reader that looks on; the broker is killed and stopped for a while,
//! clients die and fall asleep. The simulator's [`Checker`] judges what all of them were told and given.

mod batches;
mod calls;
mod copier;
mod feeder;
mod member;
mod observer;
mod reading;
mod report;
mod setup;
mod sharer;
mod world;

use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use model::SeededRandom;

pub use self::report::Report;
use self::world::{PAUSE, World};
use crate::{Failed, Ottla, Step};

/// Partitions that are copied from and to.
const INPUT_COUNT: i32 = 4;
const OUTPUT_COUNT: i32 = 2;
const COPIER_COUNT: u32 = 3;
const SHARER_COUNT: u32 = 3;
/// How long it may take until everything has come to rest.
const HEALING_PATIENCE: Duration = Duration::from_secs(90);

/// What to do.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Of trouble; the rest comes after.
    pub duration: Duration,
    pub seed: u64,
}

/// Runs the workload on an Ottla of its own. Fails at the first broken rule, and if anything of what the report counts did not
/// happen at all.
pub fn run(wish: Wish) -> Result<Report, Failed> {
    let mut random = SeededRandom::new(wish.seed);
    let mut ottla = Ottla::start(setup::SETTINGS)?;
    let world = setup::prepare(&ottla.bootstrap())?;
    let world = &world;
    thread::scope(|scope| {
        let mut feeders = Vec::new();
        for partition in 0..INPUT_COUNT {
            let random = random.fork();
            feeders
                .push(scope.spawn(move || world.end_with(feeder::run(world, partition, random))));
        }
        for index in 0..COPIER_COUNT {
            let random = random.fork();
            scope.spawn(move || world.end_with(copier::run(world, index, random)));
        }
        for member in 0..SHARER_COUNT {
            let random = random.fork();
            scope.spawn(move || world.end_with(sharer::run(world, member, random)));
        }
        let own = random.fork();
        scope.spawn(move || world.end_with(observer::run(world, own)));
        let done = trouble(world, &mut ottla, wish.duration, &mut random).and_then(|()| {
            world.heal();
            let end = Instant::now() + HEALING_PATIENCE;
            while !feeders.iter().all(ScopedJoinHandle::is_finished) {
                if Instant::now() > end || world.is_stopped() {
                    return Err(Failed("a producer is not answered".into()));
                }
                world.rest(PAUSE);
            }
            observer::wait_for_rest(world, HEALING_PATIENCE)
        });
        world.end_with(done);
        world.stop();
    });
    world.failure()?;
    observer::read_all(world)?;
    let report = world.report();
    report.check_that_all_happened()?;
    Ok(report)
}

/// Kills and stops the broker until the time is over, or something is wrong.
fn trouble(
    world: &World,
    ottla: &mut Ottla,
    duration: Duration,
    random: &mut SeededRandom,
) -> Result<(), Failed> {
    let end = Instant::now() + duration;
    while Instant::now() < end && !world.is_stopped() {
        world.rest(Duration::from_millis(300 + random.below(2_500)));
        if random.below(5) < 3 {
            // Requests that are sent in between may reach the old broker and are told by nobody which one it was.
            world.judge(|checker| checker.broker_dies());
            ottla.kill()?;
            world.judge(|checker| checker.broker_dies());
            world.count(|counts| &counts.broker_kills);
            thread::sleep(Duration::from_millis(random.below(400)));
            ottla.restart()?;
        } else {
            let pid = ottla.pid().to_string();
            Step::new("kill").args(["-STOP", &pid]).run()?;
            thread::sleep(Duration::from_millis(50 + random.below(2_000)));
            Step::new("kill").args(["-CONT", &pid]).run()?;
            world.count(|counts| &counts.broker_pauses);
        }
    }
    Ok(())
}
