//! A reader of committed records that looks on, and asks how far the group is; at the end it reads everything once more.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use model::SeededRandom;
use sim::{Copied, Page};
use wire::messages::DescribeShareGroupOffsetsRequest;
use wire::messages::describe_share_group_offsets_request::{
    DescribeShareGroupOffsetsRequestGroup, DescribeShareGroupOffsetsRequestTopic,
};

use super::calls::{NONE, surely, worst};
use super::reading::{committed, read};
use super::setup::{INPUT, OUTPUT, SHARERS};
use super::world::{PAUSE, World, broken, judged};
use super::{INPUT_COUNT, OUTPUT_COUNT};
use crate::Failed;
use crate::load::found;
use crate::load::pipeline::{Pipeline, Trouble};

pub(super) fn run(world: &World, mut random: SeededRandom) -> Result<(), Failed> {
    let mut next: BTreeMap<i32, i64> = (0..OUTPUT_COUNT).map(|output| (output, 0)).collect();
    world.live(|connection| {
        while !world.is_stopped() {
            if random.one_in(50) {
                // From the beginning again.
                next.values_mut().for_each(|next| *next = 0);
            }
            for (output, page) in read(world, connection, OUTPUT, &next)? {
                take(world, output, &page)?;
                next.insert(output, page.next.to_wire());
            }
            look_at_group(world, connection)?;
            world.rest(PAUSE);
        }
        Ok(())
    })
}

fn take(world: &World, output: i32, page: &Page) -> Result<(), Trouble> {
    let output = u32::try_from(output).unwrap_or(u32::MAX);
    for given in &page.given {
        let copied = Copied::decode(&given.value).map_err(broken)?;
        let place = (output, given.offset.to_wire());
        judged(world.judge(|checker| checker.read(place, copied)))?;
        world.count(|counts| &counts.read);
    }
    Ok(())
}

/// Gives how far the group is, if that is known.
fn look_at_group(
    world: &World,
    connection: &mut Pipeline,
) -> Result<Option<BTreeMap<i32, i64>>, Trouble> {
    let inputs: Vec<i32> = (0..INPUT_COUNT).collect();
    let offsets = committed(world, connection, None, &inputs)?;
    for (partition, offset) in offsets.iter().flatten() {
        let partition = u32::try_from(*partition).unwrap_or(u32::MAX);
        judged(world.judge(|checker| checker.group_is_at(partition, *offset)))?;
    }
    Ok(offsets)
}

/// All that was produced is copied, and both groups have come to the end of what they read.
pub(super) fn wait_for_rest(world: &World, patience: Duration) -> Result<(), Failed> {
    let end = Instant::now() + patience;
    world.live(|connection| {
        while !world.is_stopped() {
            let (missing, unshared) =
                world.judge(|checker| (checker.missing_count(), checker.unshared_count()));
            let (behind, lag) = (behind(world, connection)?, share_lag(world, connection)?);
            if (missing, unshared, behind, lag) == (0, 0, 0, 0) {
                return Ok(());
            }
            if Instant::now() > end {
                return Err(Failed(format!(
                    "does not come to rest: {missing} records are not copied, {unshared} copies not accepted, the \
                     consumer group is {behind} behind, the share group {lag}"
                ))
                .into());
            }
            world.rest(PAUSE);
        }
        Ok(())
    })
}

/// How many offsets of the input the consumer group has not committed.
fn behind(world: &World, connection: &mut Pipeline) -> Result<i64, Trouble> {
    let inputs: Vec<i32> = (0..INPUT_COUNT).collect();
    let Some(offsets) = committed(world, connection, None, &inputs)? else { return Ok(i64::MAX) };
    let mut behind = 0;
    for (partition, offset) in offsets {
        let end = found::bound(connection, INPUT, partition, found::LATEST)?;
        behind += end.ok_or(Trouble::Gone)? - offset;
    }
    Ok(behind)
}

/// How many records of the output the share group is not done with, as its coordinator has it.
fn share_lag(world: &World, connection: &mut Pipeline) -> Result<i64, Trouble> {
    let topic = DescribeShareGroupOffsetsRequestTopic {
        topic_name: OUTPUT.into(),
        partitions: (0..OUTPUT_COUNT).collect(),
    };
    let group = DescribeShareGroupOffsetsRequestGroup {
        group_id: SHARERS.into(),
        topics: Some(vec![topic]),
    };
    let request = DescribeShareGroupOffsetsRequest { groups: vec![group] };
    let answer = surely(world, connection, (&request, 1), |answer| {
        worst(answer.groups.iter().map(|group| group.error_code))
    })?;
    let topics = answer.groups.iter().flat_map(|group| &group.topics);
    let partitions = topics.flat_map(|topic| &topic.partitions);
    let lag =
        |error_code: i16, lag: i64| if error_code == NONE && lag >= 0 { lag } else { 1 << 32 };
    Ok(partitions.map(|it| lag(it.error_code, it.lag)).sum())
}

/// From the beginning to the end, by a reader that has seen nothing yet; then all is held against the rules.
pub(super) fn read_all(world: &World) -> Result<(), Failed> {
    let failed = |trouble: Trouble| match trouble {
        Trouble::Gone => Failed("the broker is gone at the last read".into()),
        Trouble::Broken(failed) => failed,
    };
    let mut connection = world.connect().map_err(failed)?;
    world.judge(sim::Checker::begin_last_read);
    for output in 0..OUTPUT_COUNT {
        let end = found::bound(&mut connection, OUTPUT, output, found::LATEST).map_err(failed)?;
        let end = end.ok_or_else(|| Failed("an output is not served".into()))?;
        let mut next = BTreeMap::from([(output, 0)]);
        while next.values().any(|next| *next < end) {
            let pages = read(world, &mut connection, OUTPUT, &next).map_err(failed)?;
            let page =
                pages.get(&output).ok_or_else(|| Failed("an output cannot be read".into()))?;
            if next.get(&output) == Some(&page.next.to_wire()) {
                return Err(Failed(format!("output {output} ends at {next:?}, not at {end}")));
            }
            take(world, output, page).map_err(failed)?;
            next.insert(output, page.next.to_wire());
        }
    }
    world.judge(|checker| checker.finish()).map_err(broken)
}
