//! A member of the share group: it reads what the copiers wrote, and accepts it, gives it back, or forgets it.

use std::collections::BTreeMap;

use model::{Offset, SeededRandom};
use sim::{Copied, Given, Place, ShareDelivery, read_committed};
use wire::messages::share_acknowledge_request::{
    AcknowledgePartition, AcknowledgeTopic, AcknowledgementBatch,
};
use wire::messages::share_fetch_request::{FetchPartition, FetchTopic};
use wire::messages::share_fetch_response::PartitionData;
use wire::messages::{ShareAcknowledgeRequest, ShareFetchRequest};

use super::calls::{NONE, surely};
use super::member::Member;
use super::setup::SHARERS;
use super::world::{PAUSE, World, broken, judged};
use crate::Failed;
use crate::load::pipeline::{Pipeline, Trouble};

/// Of both: with the mode of acquisition.
const VERSION: i16 = 2;
const ACCEPT: i8 = 1;
const RELEASE: i8 = 2;

/// What a member says about records, by place.
type Words = BTreeMap<Place, i8>;

struct Sharer {
    number: u32,
    life: u32,
    random: SeededRandom,
}

struct Life<'a> {
    world: &'a World,
    number: u32,
    random: &'a mut SeededRandom,
    member: Member,
    session_epoch: i32,
}

pub(super) fn run(world: &World, number: u32, random: SeededRandom) -> Result<(), Failed> {
    let mut sharer = Sharer { number, life: 0, random };
    world.live(|connection| {
        let ended = sharer.live(world, connection);
        // Before the connection is closed, and with it the share session.
        world.judge(|checker| checker.member_left(number));
        ended
    })
}

impl Sharer {
    fn live(&mut self, world: &World, connection: &mut Pipeline) -> Result<(), Trouble> {
        self.life += 1;
        let (number, life) = (self.number, self.life);
        let mut life = Life {
            world,
            number,
            random: &mut self.random,
            member: Member::new(format!("sharer-{number}-{life}")),
            session_epoch: 0,
        };
        while !world.is_stopped() {
            life.step(connection)?;
        }
        Ok(())
    }
}

impl Life<'_> {
    fn step(&mut self, connection: &mut Pipeline) -> Result<(), Trouble> {
        let world = self.world;
        let changed = self.member.share_beat(world, connection)?;
        if changed && self.session_epoch > 0 {
            // The session is of the partitions before: it ends with the connection.
            return Err(Trouble::Gone);
        }
        if self.member.assigned.is_empty() {
            world.rest(PAUSE);
            return Ok(());
        }
        let words = self.fetch(connection)?;
        world.danger(self.random)?;
        self.acknowledge(connection, &words)
    }

    fn fetch(&mut self, connection: &mut Pipeline) -> Result<Words, Trouble> {
        let world = self.world;
        let partitions = self.member.assigned.iter().map(|partition| FetchPartition {
            partition_index: *partition,
            acknowledgement_batches: Vec::new(),
        });
        let topic = FetchTopic { topic_id: world.output, partitions: partitions.collect() };
        let record_count = 1 + i32::try_from(self.random.below(20)).unwrap_or(0);
        let request = ShareFetchRequest {
            group_id: Some(SHARERS.into()),
            member_id: Some(self.member.id.clone()),
            share_session_epoch: self.session_epoch,
            max_wait_ms: 50,
            min_bytes: 1,
            max_bytes: 1 << 20,
            max_records: record_count,
            batch_size: record_count,
            share_acquire_mode: i8::from(self.random.one_in(2)),
            is_renew_ack: false,
            topics: vec![topic],
            forgotten_topics_data: Vec::new(),
        };
        let (asked_at, life) = (world.now(), world.judge(|checker| checker.life()));
        let answer = surely(world, connection, (&request, VERSION), |it| it.error_code)?;
        self.session_epoch += 1;
        let mut words = Words::new();
        for partition in answer.responses.iter().flat_map(|topic| &topic.partitions) {
            if partition.error_code != NONE {
                world.refused("ShareFetch", partition.error_code);
                world.rest(PAUSE);
                continue;
            }
            for (place, copied, count) in given(partition)? {
                let (at, member) = (world.now(), self.number);
                let delivery = ShareDelivery { member, life, asked_at, at, count };
                judged(world.judge(|checker| checker.delivered(place, copied, delivery)))?;
                world.count(|counts| &counts.delivered);
                if count > 1 {
                    world.count(|counts| &counts.delivered_again);
                }
                match self.random.below(32) {
                    0 => world.count(|counts| &counts.left),
                    1..4 => drop(words.insert(place, RELEASE)),
                    _ => drop(words.insert(place, ACCEPT)),
                }
            }
        }
        Ok(words)
    }

    fn acknowledge(&mut self, connection: &mut Pipeline, words: &Words) -> Result<(), Trouble> {
        if words.is_empty() {
            return Ok(());
        }
        let (world, member) = (self.world, self.number);
        let mut partitions: BTreeMap<i32, Vec<AcknowledgementBatch>> = BTreeMap::new();
        for ((partition, offset), word) in words {
            let index = i32::try_from(*partition).unwrap_or(i32::MAX);
            partitions.entry(index).or_default().push(AcknowledgementBatch {
                first_offset: *offset,
                last_offset: *offset,
                acknowledge_types: vec![*word],
            });
            world.judge(|checker| match *word {
                ACCEPT => checker.accept_asked((*partition, *offset)),
                _ => checker.released((*partition, *offset), member),
            });
        }
        let partitions =
            partitions.into_iter().map(|(partition_index, acknowledgement_batches)| {
                AcknowledgePartition { partition_index, acknowledgement_batches }
            });
        let topic = AcknowledgeTopic { topic_id: world.output, partitions: partitions.collect() };
        let request = ShareAcknowledgeRequest {
            group_id: Some(SHARERS.into()),
            member_id: Some(self.member.id.clone()),
            share_session_epoch: self.session_epoch,
            is_renew_ack: false,
            topics: vec![topic],
        };
        let answer = surely(world, connection, (&request, VERSION), |it| it.error_code)?;
        self.session_epoch += 1;
        for partition in answer.responses.iter().flat_map(|topic| &topic.partitions) {
            if partition.error_code != NONE {
                // Too late, or not written: the records come again.
                world.refused("ShareAcknowledge", partition.error_code);
                continue;
            }
            let index = u32::try_from(partition.partition_index).unwrap_or(u32::MAX);
            for (place, word) in words.iter().filter(|((partition, _), _)| *partition == index) {
                if *word == ACCEPT {
                    let at = world.now();
                    judged(world.judge(|checker| checker.accepted(*place, member, at)))?;
                    world.count(|counts| &counts.accepted);
                } else {
                    world.count(|counts| &counts.released);
                }
            }
        }
        Ok(())
    }
}

/// The records that were acquired, of the whole batches that come with them.
fn given(partition: &PartitionData) -> Result<Vec<(Place, Copied, u16)>, Failed> {
    let index = u32::try_from(partition.partition_index).unwrap_or(u32::MAX);
    let bytes = partition.records.clone().unwrap_or_default();
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    // What is of aborted transactions is not among what was acquired, so it needs no list of these.
    let page = read_committed(&bytes, Vec::new(), Offset::ZERO).map_err(broken)?;
    let count_of = |at: i64| {
        let mut rows = partition.acquired_records.iter();
        let row = rows.find(|row| row.first_offset <= at && at <= row.last_offset)?;
        u16::try_from(row.delivery_count).ok()
    };
    let mut all = Vec::new();
    for Given { offset, value } in page.given {
        if let Some(count) = count_of(offset.to_wire()) {
            all.push(((index, offset.to_wire()), Copied::decode(&value).map_err(broken)?, count));
        }
    }
    Ok(all)
}
