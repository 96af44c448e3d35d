//! Many consumer groups (KIP-848) at rest: what their heartbeats cost.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use load::{Answers, Connected, Lane, Load, Pace, frames};
use testkit::Failed;
use testkit::compare::Side;

use crate::Options;
use crate::broker::{Kind, Running};
use crate::consumer_member::{Member, VERSION};
use crate::machine::{raise_open_files, undisturbed};
use crate::requests::{self, Coordinated, failed};
use crate::rows::Rows;
use crate::subject::first_acknowledged;
use crate::tables::partitions::create;

const GROUP_COUNT: usize = 1_000;
const MEMBERS_EACH: usize = 10;
const MEMBER_COUNT: usize = GROUP_COUNT * MEMBERS_EACH;
/// Kafka's default for these groups, in seconds.
const INTERVAL: f64 = 5.0;
const TOPIC: &str = "bench-groups";
/// Threads that make the groups, each a part of them.
const MAKERS: usize = 25;
/// Until all members of a part have what they shall have.
const PATIENCE: Duration = Duration::from_secs(120);
const WORDS: &str = "1,000 groups × 10 members at rest";
/// Of the answer, from the correlation id on: behind it a byte without tags, and the throttle time.
const ANSWERS: Answers = Answers::WithCode { at: 4 + 1 + 4 };

pub(super) fn run(options: &Options, rows: &Rows) -> Result<(), Failed> {
    raise_open_files(MEMBER_COUNT + 1_000)?;
    for round in 0..options.rounds.min(3) {
        for kind in options.order(round) {
            let broker = Running::start(kind)?;
            first_acknowledged(&broker)?;
            create(&broker, TOPIC, i32::try_from(MEMBERS_EACH).unwrap_or(1))?;
            let mut side = Side::new(broker.address());
            requests::coordinator(&mut side, Coordinated::Group, TOPIC)?;
            let memory = broker.resident_megabytes()?;
            let load = heartbeats(&broker, make_groups(&broker)?)?;
            rows.add(round, kind, WORDS, "memory more MB", broker.resident_megabytes()? - memory)?;
            one(options, rows, (round, kind), &broker, load)?;
        }
    }
    Ok(())
}

fn one(
    options: &Options,
    rows: &Rows,
    (round, kind): (usize, Kind),
    broker: &Running,
    mut load: Load,
) -> Result<(), Failed> {
    let lasts = Duration::from_secs(if options.is_quick { 6 } else { 30 });
    // Members must not be missed between two loads, so each follows the one before at once.
    let share = if kind == Kind::Kafka { 1 } else { 8 };
    // And each has beaten at least once: the first beat on a connection of its own says who it is now, which is written down.
    load.lasts = (options.warm_up / share).max(Duration::from_secs_f64(1.2 * INTERVAL));
    load::run(&load).map_err(failed)?;
    load.lasts = lasts;
    let window = undisturbed(|| {
        let mut connected = Connected::to(&load).map_err(failed)?;
        let before = broker.cpu()?;
        let outcome = connected.run(&load).map_err(failed)?;
        // Before they are closed, which costs too.
        let cpu = broker.cpu()? - before;
        drop(connected);
        Ok((outcome, cpu))
    })?;
    let (outcome, cpu) = &window.value;
    let (took, cpu) = (outcome.took.as_secs_f64(), cpu.as_secs_f64());
    let count = outcome.request_count() as f64;
    let figures = [
        ("% of a core", 100.0 * cpu / took),
        ("CPU s/M heartbeats", cpu / count * 1e6),
        ("heartbeats/s", count / took),
        ("p50 ms", outcome.percentile_ms(50.0)),
        ("p99 ms", outcome.percentile_ms(99.0)),
        ("max ms", outcome.percentile_ms(100.0)),
    ];
    for (figure, value) in figures {
        rows.add(round, kind, WORDS, figure, value)?;
    }
    rows.add_window(round, kind, WORDS, &window)
}

/// Each member on a connection of its own, as consumers are, one beat in each interval. An answer with an error, such as
/// that a member is missed or its epoch past, ends the load.
fn heartbeats(broker: &Running, members: Vec<Member>) -> Result<Load, Failed> {
    let address = broker.address();
    let address: SocketAddr =
        address.parse().map_err(|error| Failed(format!("{address}: {error}")))?;
    let lane = |member: Member| {
        let frame = frames::frame(&member.at_rest(), VERSION).map_err(failed)?;
        Ok(Lane { address, frames: Arc::new(vec![frame]) })
    };
    let lanes: Result<Vec<Lane>, Failed> = members.into_iter().map(lane).collect();
    let pace = Pace::Open { per_second: MEMBER_COUNT as f64 / INTERVAL };
    Ok(Load::lasting(lanes?, pace, ANSWERS, Duration::ZERO))
}

/// All groups, each member with one partition and none about to change.
fn make_groups(broker: &Running) -> Result<Vec<Member>, Failed> {
    let address = broker.address();
    let parts: Vec<Result<Vec<Member>, Failed>> = thread::scope(|scope| {
        let makers: Vec<_> = (0..MAKERS)
            .map(|maker| {
                let address = address.clone();
                scope.spawn(move || make_part(maker, &mut Side::new(address)))
            })
            .collect();
        let made = makers.into_iter().map(|maker| maker.join());
        made.map(|made| made.unwrap_or_else(|_| Err(Failed("a maker panicked".into())))).collect()
    });
    let parts: Result<Vec<_>, Failed> = parts.into_iter().collect();
    Ok(parts?.into_iter().flatten().collect())
}

fn make_part(maker: usize, side: &mut Side) -> Result<Vec<Member>, Failed> {
    let groups = (maker..GROUP_COUNT).step_by(MAKERS);
    let mut members: Vec<Member> = groups
        .flat_map(|group| {
            let group = format!("bench-group-{group:04}");
            (0..MEMBERS_EACH).map(move |at| Member::new(&group, &format!("member-{at}"), TOPIC))
        })
        .collect();
    let end = Instant::now() + PATIENCE;
    // Twice in a row with nothing new: then nothing is on its way either.
    let mut calm = 0;
    while calm < 2 {
        let before: Vec<i32> = members.iter().map(|member| member.epoch).collect();
        for member in &mut members {
            member.beat(side)?;
        }
        let epochs = members.iter().map(|member| member.epoch);
        let is_calm = epochs.eq(before) && members.iter().all(|one| one.settled() == Some(1));
        calm = if is_calm { calm + 1 } else { 0 };
        if Instant::now() > end {
            let settled = members.iter().filter(|one| one.settled() == Some(1)).count();
            return Err(Failed(format!("{settled} of {} members have a partition", members.len())));
        }
        thread::sleep(Duration::from_millis(100));
    }
    Ok(members)
}
