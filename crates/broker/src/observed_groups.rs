//! What the page of metrics says of the groups that this broker coordinates.

mod counts;

use std::sync::{Arc, mpsc};
use std::time::Duration;

use group::{Decision, GroupShard, GroupState, Soft, State};
use metadata::Image;
use model::{Offset, PartitionId, PartitionIndex, Timestamp, TopicName};
use telemetry::{Exposition, Metric, names};

use self::counts::GroupCounts;
use crate::lag::{Budget, Unread};
use crate::partition::Partition;
use crate::shown_groups::{Candidate, LeftOut, choose, fit};
use crate::{Broker, limits};

/// How long the page waits for the shards. A shard whose log is not committed keeps its numbers to itself.
const SHARDS_WAIT: Duration = Duration::from_secs(1);

/// One group at one moment.
struct GroupNumbers {
    name: String,
    state: GroupState,
    member_count: usize,
    committed: Vec<(TopicName, PartitionIndex, Offset)>,
}

struct ShardNumbers {
    states: [(State, usize); 4],
    groups: Vec<GroupNumbers>,
}

impl Broker {
    pub(crate) fn collect_groups(&self, image: &Image, page: &mut Exposition) {
        let (tell, told) = mpsc::channel();
        self.groups().decide_all(
            |shard, soft, _| look(shard, soft),
            // The page may have given up waiting.
            move |results| drop(tell.send(results)),
        );
        let Ok(results) = told.recv_timeout(SHARDS_WAIT) else { return };
        let (mut group_count, mut offset_count) = (0, 0);
        let mut counts = GroupCounts::default();
        let mut groups = Vec::new();
        for numbers in results.into_iter().flatten() {
            for (state, count) in numbers.states {
                page.gauge(of_state(state), &[], whole(count));
            }
            for group in numbers.groups {
                group_count += 1;
                counts.count(group.state);
                offset_count += group.committed.len();
                groups.push(group);
            }
        }
        let (shown, left_out) = self.shown(image, groups);
        let mut times = LagTimes::new(self);
        for group in shown {
            self.collect_group(image, &group, &mut times, page);
        }
        left_out.show("consumer", page);
        page.gauge(&names::GROUPS, &[], group_count);
        page.gauge(&names::GROUP_OFFSETS, &[], whole(offset_count));
        page.gauge(&names::OFFSET_COUNT, &[], whole(offset_count));
        counts.show(page);
    }

    fn shown(&self, image: &Image, groups: Vec<GroupNumbers>) -> (Vec<GroupNumbers>, LeftOut) {
        let count_max = self.config().settings().shown_group_partitions_max as usize;
        if fit(groups.iter().map(|group| group.committed.len()), count_max) {
            return (groups, LeftOut::default());
        }
        let candidate = |group: GroupNumbers| {
            let lag = |(topic, index, committed): &(TopicName, PartitionIndex, Offset)| {
                let partition = self.replica(image, topic, *index)?;
                Self::records_behind(&partition, *committed)
            };
            let behind = group.committed.iter().filter_map(lag).fold(0, i64::saturating_add);
            let (name, partition_count) = (group.name.clone(), group.committed.len());
            Candidate { behind, partition_count, name, group }
        };
        choose(groups.into_iter().map(candidate).collect(), count_max)
    }

    fn collect_group(
        &self,
        image: &Image,
        group: &GroupNumbers,
        times: &mut LagTimes,
        page: &mut Exposition,
    ) {
        let name = group.name.as_str();
        page.gauge(&names::GROUP_MEMBERS, &[("consumergroup", name)], whole(group.member_count));
        for (topic, index, committed) in &group.committed {
            let partition = index.to_string();
            let of_topic = [("consumergroup", name), ("topic", topic.as_str())];
            let of_partition = [of_topic[0], of_topic[1], ("partition", partition.as_str())];
            page.gauge(&names::GROUP_CURRENT_OFFSET, &of_partition, committed.to_wire());
            page.gauge(&names::GROUP_CURRENT_OFFSET_SUM, &of_topic, committed.to_wire());
            let Some(partition) = self.replica(image, topic, *index) else { continue };
            let Some(lag) = self.lag_of(&partition, *committed, &mut times.budget) else {
                continue;
            };
            page.gauge(&names::GROUP_LAG, &of_partition, lag.records);
            page.gauge(&names::GROUP_LAG_SUM, &of_topic, lag.records);
            times.show(lag.unread, &of_partition, page);
        }
        times.show_longest(name, page);
    }

    /// `None` when the partition is gone or lies elsewhere.
    fn replica(
        &self,
        image: &Image,
        topic: &TopicName,
        partition: PartitionIndex,
    ) -> Option<Arc<Partition>> {
        let topic = image.topic(topic.as_str())?.id;
        self.partitions().get(PartitionId { topic, partition })
    }
}

/// How far groups are behind in time, for one page.
struct LagTimes {
    now: Timestamp,
    budget: Budget,
    /// Of the group at hand.
    longest: Option<i64>,
}

impl LagTimes {
    fn new(broker: &Broker) -> Self {
        let (lookups, time) = (limits::PAGE_LOOKUP_COUNT_MAX, limits::PAGE_LOOKUP_TIME_MAX);
        let budget = Budget::new(broker.clock(), lookups, time);
        Self { now: broker.clock().wall(), budget, longest: None }
    }

    /// Nothing where it is not known: the next page may have it.
    fn show(&mut self, unread: Unread, labels: &[(&str, &str)], page: &mut Exposition) {
        let Some(age) = unread.age_ms(self.now) else { return };
        page.gauge(&names::GROUP_LAG_TIME, labels, age);
        self.longest = self.longest.max(Some(age));
    }

    fn show_longest(&mut self, group: &str, page: &mut Exposition) {
        if let Some(longest) = self.longest.take() {
            page.gauge(&names::GROUP_LAG_TIME_MAX, &[("consumergroup", group)], longest);
        }
    }
}

/// Reads the numbers of a shard, under its lock.
fn look(shard: &GroupShard, soft: &Soft) -> Decision<ShardNumbers> {
    let states = shard.count_by_state(soft);
    shard.list(soft).map(|listings| {
        let groups = listings.into_iter().map(|listing| {
            let member_count = match listing.state {
                GroupState::Classic(_) => {
                    shard.describe(soft, &listing.group).reply.map_or(0, |it| it.members.len())
                }
                GroupState::Share(_) => {
                    let described = shard.describe_share_group(soft, &listing.group).reply;
                    described.map_or(0, |it| it.members.len())
                }
                GroupState::Consumer(_) => {
                    let described = shard.describe_consumer_group(soft, &listing.group).reply;
                    described.map_or(0, |it| it.members.len())
                }
                GroupState::Streams(_) => {
                    let described = shard.describe_streams_group(soft, &listing.group).reply;
                    described.map_or(0, |it| it.members.len())
                }
            };
            let offsets = shard.fetch_all_offsets(&listing.group, false).reply;
            let committed = offsets.into_iter().filter_map(|(topic, partition, offset)| {
                Some((topic.clone(), partition, offset.ok()??.offset?))
            });
            GroupNumbers {
                name: listing.group.as_str().to_owned(),
                state: listing.state,
                member_count,
                committed: committed.collect(),
            }
        });
        ShardNumbers { states, groups: groups.collect() }
    })
}

fn of_state(state: State) -> &'static Metric {
    match state {
        State::Empty => &names::GROUPS_EMPTY,
        State::PreparingRebalance => &names::GROUPS_PREPARING,
        State::CompletingRebalance => &names::GROUPS_COMPLETING,
        State::Stable => &names::GROUPS_STABLE,
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
