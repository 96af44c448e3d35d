use std::sync::Arc;

use group::{GroupError, GroupId};
use metadata::Image;
use model::{Offset, PartitionIndex, Timestamp, TopicName};
use wire::ErrorCode;
use wire::messages::ottla_group_lag_response::{GroupLag, PartitionLag};
use wire::messages::{OttlaGroupLagRequest, OttlaGroupLagResponse};

use crate::blocking::Place;
use crate::coordinator::{Gather, Unavailable};
use crate::error_map::{self, group_error, unavailable};
use crate::lag::{Assigned, Budget, GroupView, Row, Unread, view};
use crate::partition::{ClientMark, Now, Partition};
use crate::{Broker, PartitionError, ReplyTo, Request, limits};

/// What became of one group that was asked for.
type Viewed = Result<GroupView, (String, ErrorCode)>;

/// How far groups are behind, in records and in time. Ottla's own.
pub fn handle(broker: &Arc<Broker>, request: Request<OttlaGroupLagRequest>, reply: ReplyTo) {
    let answering = Arc::clone(broker);
    let answer = move |viewed: Vec<Viewed>, all_told: bool| {
        let broker = Arc::clone(&answering);
        // Times are looked up in files, and so not on a loop.
        answering.lag_answers().run_at(move |place| {
            let lookups = match place {
                Place::Thread => limits::LAG_LOOKUP_COUNT_MAX,
                Place::Caller => 0,
            };
            reply.send(&response(&broker, viewed, all_told, lookups));
        });
    };
    let image = broker.image();
    if request.message.groups.is_empty() {
        return all(broker, image, answer);
    }
    let gather = Gather::new(request.message.groups.len(), move |viewed| answer(viewed, true));
    for (index, name) in request.message.groups.into_iter().enumerate() {
        let part = gather.part(index);
        let Some(group) = GroupId::new(&name).filter(|group| !group.is_empty()) else {
            part.give(Err((name, ErrorCode::InvalidGroupId)));
            continue;
        };
        let image = Arc::clone(&image);
        broker.groups().decide(
            &name.clone(),
            move |shard, soft, _| view(shard, soft, &image, &group),
            move |result| {
                part.give(match result {
                    Ok(Some(view)) => Ok(view),
                    Ok(None) => Err((name, group_error(&GroupError::GroupNotFound))),
                    Err(why) => Err((name, unavailable(&why))),
                });
            },
        );
    }
}

/// `answer` is told whether every shard had its say.
fn all(
    broker: &Arc<Broker>,
    image: Arc<Image>,
    answer: impl FnOnce(Vec<Viewed>, bool) + Send + 'static,
) {
    broker.groups().decide_all(
        move |shard, soft, _| {
            shard.list(soft).map(|listed| -> Vec<GroupView> {
                let view = |group: &GroupId| view(shard, soft, &image, group).reply;
                listed.iter().filter_map(|listing| view(&listing.group)).collect()
            })
        },
        move |shards: Vec<Result<Vec<GroupView>, Unavailable>>| {
            let all_told = shards.iter().all(Result::is_ok);
            let mut views: Vec<GroupView> = shards.into_iter().flatten().flatten().collect();
            views.sort_by(|left, right| left.group.cmp(&right.group));
            answer(views.into_iter().map(Ok).collect(), all_told);
        },
    );
}

/// Blocks when logs have to be read, which is done at most so many times.
fn response(
    broker: &Broker,
    viewed: Vec<Viewed>,
    all_told: bool,
    lookups: usize,
) -> OttlaGroupLagResponse {
    let time = limits::LAG_LOOKUP_TIME_MAX;
    let mut rows = Rows {
        broker,
        image: broker.image(),
        now: broker.now(),
        budget: Budget::new(broker.clock(), lookups, time),
    };
    rows.budget.exhausted = !all_told;
    let mut left = limits::LAG_ROW_COUNT_MAX;
    let mut groups = Vec::with_capacity(viewed.len());
    for viewed in viewed {
        groups.push(match viewed {
            Err((group_id, error)) => {
                GroupLag { group_id, error_code: error.code(), ..GroupLag::default() }
            }
            Ok(view) => {
                rows.budget.exhausted |= view.rows.len() > left;
                let shown = view.rows.iter().take(left);
                let partitions: Vec<PartitionLag> =
                    shown.map(|((topic, index), row)| rows.row(topic, *index, row)).collect();
                left -= partitions.len();
                GroupLag {
                    error_code: ErrorCode::None.code(),
                    group_type: view.state.type_name().to_owned(),
                    group_state: view.state.name().to_owned(),
                    group_id: view.group.as_str().to_owned(),
                    partitions,
                }
            }
        });
    }
    OttlaGroupLagResponse {
        throttle_time_ms: 0,
        time_ms: rows.now.wall.as_millis(),
        partial: rows.budget.exhausted,
        groups,
    }
}

/// Makes the rows of one answer.
struct Rows<'a> {
    broker: &'a Broker,
    image: Arc<Image>,
    now: Now,
    budget: Budget,
}

impl Rows<'_> {
    fn row(&mut self, topic: &TopicName, index: PartitionIndex, row: &Row) -> PartitionLag {
        let mut shown = PartitionLag {
            topic: topic.as_str().to_owned(),
            partition_index: index.to_wire(),
            committed_offset: row.committed.map_or(-1, |(offset, _)| offset.to_wire()),
            commit_time_ms: row.committed.map_or(-1, |(_, at)| at.as_millis()),
            member_id: row.member.as_ref().map(|it| it.member.as_str().to_owned()),
            client_id: row.member.as_ref().map(|it| it.client.id.to_string()),
            host: row.member.as_ref().map(|it| it.client.host.to_string()),
            ..PartitionLag::default()
        };
        match self.find(topic, index) {
            Ok(partition) => self.measure(&partition, row, &mut shown),
            Err(error) => shown.error_code = error_map::partition_error(&error).code(),
        }
        shown
    }

    fn find(
        &self,
        topic: &TopicName,
        partition: PartitionIndex,
    ) -> Result<Arc<Partition>, PartitionError> {
        let topic = self.image.topic(topic.as_str()).ok_or(PartitionError::UnknownTopic)?;
        let settings = self.broker.topic_settings(&self.image, &topic.name);
        self.broker.partition(topic, partition, &settings)
    }

    fn measure(&mut self, partition: &Partition, row: &Row, shown: &mut PartitionLag) {
        let mark = |it: &Assigned| ClientMark::of_member(&it.client.id, &it.client.host);
        if let Some(mark) = row.member.as_ref().and_then(mark)
            && let Some(fetch) = partition.lock().last_fetch_of(mark)
        {
            let ago = self.now.instant.since(fetch.at);
            let ago = i64::try_from(ago.as_millis()).unwrap_or(i64::MAX);
            shown.position = fetch.offset.to_wire();
            shown.position_time_ms = self.now.wall.as_millis().saturating_sub(ago);
        }
        let committed = row.committed.map(|(offset, _)| offset);
        // Where nothing is committed, only the ends are known.
        let from = committed.unwrap_or(Offset::MAX);
        let Some(lag) = self.broker.lag_of(partition, from, &mut self.budget) else { return };
        shown.log_start_offset = lag.log_start.to_wire();
        shown.log_end_offset = lag.log_end.to_wire();
        if committed.is_none() {
            return;
        }
        shown.lag = lag.records;
        shown.lag_ms = lag.unread.age_ms(self.now.wall).unwrap_or(-1);
        if let Unread::At(record) = lag.unread {
            shown.unread_offset = record.offset.to_wire();
            shown.unread_time_ms = record.timestamp.map_or(-1, Timestamp::as_millis);
        }
    }
}
