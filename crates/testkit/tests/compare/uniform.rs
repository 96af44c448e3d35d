//! The assignor `uniform` beside Apache Kafka's. Which member gets which partition depends on tables without an order there;
//! what can be compared is how many each gets, that every partition has a reader, and how many change their reader.

use std::collections::{BTreeMap, BTreeSet};

use model::SeededRandom;
use testkit::Failed;
use testkit::compare::{Comparison, Side};
use wire::messages::{ConsumerGroupDescribeRequest, ConsumerGroupHeartbeatRequest};

use crate::groups::find_coordinators;
use crate::topics::prepare;

const TOPICS: [(&str, i32); 3] = [("spread-3", 3), ("spread-5", 5), ("spread-8", 8)];
const GROUP_COUNT: u64 = 24;
const STEP_COUNT: u64 = 6;
const MEMBER_COUNT_MAX: u64 = 5;

/// What each member shall have.
type Targets = BTreeMap<String, BTreeSet<(String, i32)>>;
/// What each member reads.
type Subscriptions = BTreeMap<String, BTreeSet<&'static str>>;

pub(crate) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    find_coordinators(c)?;
    for (topic, partitions) in TOPICS {
        prepare(c, topic, partitions, &[])?;
    }
    // The coordinator of Apache Kafka learns of new topics a little later than its broker.
    std::thread::sleep(std::time::Duration::from_secs(1));
    let mut unevenness = [0; 2];
    for seed in 0..GROUP_COUNT {
        // In every second group all members read the same.
        group(c, seed, seed % 2 == 0, &mut unevenness)?;
    }
    // Where members read different topics neither finds the most even way each time: that depends on the ids of topics.
    let [of_kafka, of_ottla] = unevenness;
    println!(
        "uniform, members that read different topics: squares of counts {of_kafka} there, {of_ottla} here"
    );
    let is_as_even = of_kafka > 0 && of_ottla * 100 <= of_kafka * 101;
    c.note(&format!("as even as {of_kafka} in all: {of_ottla}"), &true, &is_as_even);
    Ok(())
}

fn group(
    c: &mut Comparison,
    seed: u64,
    is_same: bool,
    unevenness: &mut [usize; 2],
) -> Result<(), Failed> {
    let name = &format!("evenly-{seed}");
    let mut random = SeededRandom::new(seed);
    let all: BTreeSet<&str> = TOPICS.iter().map(|(topic, _)| *topic).collect();
    let (mut members, mut before) = (Subscriptions::new(), None);
    for step in 0..STEP_COUNT {
        let member = format!("m{}", random.below(MEMBER_COUNT_MAX));
        if members.remove(&member).is_some() {
            heartbeat(c, name, &member, -1, &BTreeSet::new())?;
            // What a leaver had is given out with the next report of somebody who stays.
            if let Some((member, reads)) = members.first_key_value() {
                heartbeat(c, name, member, 0, reads)?;
            }
        } else {
            let reads: BTreeSet<&'static str> = match is_same {
                true => all.clone(),
                false => all.iter().copied().filter(|_| random.one_in(2)).collect(),
            };
            heartbeat(c, name, &member, 0, &reads)?;
            members.insert(member, reads);
        }
        if members.is_empty() {
            before = None;
            continue;
        }
        let now = [targets(&mut c.kafka, name)?, targets(&mut c.ottla, name)?];
        let words = format!("{name}, step {step}, {members:?}");
        check(c, &words, &now, &members, before.as_ref(), is_same);
        if !is_same {
            let squares = |targets| sizes(targets).iter().map(|size| size * size).sum::<usize>();
            unevenness.iter_mut().zip(&now).for_each(|(sum, now)| *sum += squares(now));
        }
        before = Some(now);
    }
    Ok(())
}

fn check(
    c: &mut Comparison,
    words: &str,
    [kafka, ottla]: &[Targets; 2],
    members: &Subscriptions,
    before: Option<&[Targets; 2]>,
    is_same: bool,
) {
    let read: BTreeSet<&str> = members.values().flatten().copied().collect();
    let wanted: usize = TOPICS
        .iter()
        .filter(|(topic, _)| read.contains(topic))
        .map(|(_, count)| usize::try_from(*count).unwrap_or(0))
        .sum();
    let owned = |targets: &Targets| {
        let given: Vec<_> = targets.values().flatten().collect();
        (given.len(), given.iter().collect::<BTreeSet<_>>().len())
    };
    c.note(&format!("{words}: every partition has one reader"), &(wanted, wanted), &owned(ottla));
    if is_same {
        let (of_kafka, of_ottla) = (sizes(kafka), sizes(ottla));
        c.note(&format!("{words}: how many each has"), &of_kafka, &of_ottla);
    }
    let Some([kafka_before, ottla_before]) = before else { return };
    if is_same {
        let (by_kafka, by_ottla) = (moved(kafka_before, kafka), moved(ottla_before, ottla));
        let words = format!("{words}: {by_kafka} partitions moved there, {by_ottla} here");
        c.note(&words, &true, &(by_ottla <= by_kafka));
    }
}

/// How many partitions each member has, the fewest first.
fn sizes(targets: &Targets) -> Vec<usize> {
    let mut sizes: Vec<usize> = targets.values().map(BTreeSet::len).collect();
    sizes.sort_unstable();
    sizes
}

/// Partitions that were taken from a member who is still there.
fn moved(before: &Targets, now: &Targets) -> usize {
    let lost = |(member, had): (&String, &BTreeSet<(String, i32)>)| {
        now.get(member).map_or(0, |has| had.difference(has).count())
    };
    before.iter().map(lost).sum()
}

fn heartbeat(
    c: &mut Comparison,
    group: &str,
    member: &str,
    member_epoch: i32,
    topics: &BTreeSet<&str>,
) -> Result<(), Failed> {
    let request = ConsumerGroupHeartbeatRequest {
        group_id: group.into(),
        member_id: member.into(),
        member_epoch,
        rebalance_timeout_ms: 60_000,
        subscribed_topic_names: Some(topics.iter().map(ToString::to_string).collect()),
        server_assignor: Some("uniform".into()),
        topic_partitions: Some(Vec::new()),
        ..Default::default()
    };
    let mut codes = Vec::new();
    for side in [&mut c.kafka, &mut c.ottla] {
        codes.push(side.call(&request, 1)?.map(|answer| answer.error_code));
    }
    c.note(&format!("{group}: {member} at {member_epoch}"), &codes[0], &codes[1]);
    Ok(())
}

fn targets(side: &mut Side, group: &str) -> Result<Targets, Failed> {
    let request =
        ConsumerGroupDescribeRequest { group_ids: vec![group.into()], ..Default::default() };
    let answer = side.call(&request, 1)?.ok_or_else(|| Failed("no description".into()))?;
    let members = answer.groups.into_iter().flat_map(|group| group.members);
    let of = |member: wire::messages::consumer_group_describe_response::Member| {
        let topics = member.target_assignment.topic_partitions.into_iter();
        let places = topics.flat_map(|topic| {
            topic.partitions.into_iter().map(move |index| (topic.topic_name.clone(), index))
        });
        (member.member_id, places.collect())
    };
    Ok(members.map(of).collect())
}
