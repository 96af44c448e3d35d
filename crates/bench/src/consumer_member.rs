//! A member of a consumer group (KIP-848) that owns what it is told to at once: what is left is the broker's part and the
//! protocol's.

use std::thread;
use std::time::{Duration, Instant};

use model::Uuid;
use testkit::Failed;
use testkit::compare::Side;
use wire::messages::consumer_group_heartbeat_request::TopicPartitions;
use wire::messages::{ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse};

use crate::requests::is_coming;

/// Until a coordinator must have read what it has of the group.
const PATIENCE: Duration = Duration::from_secs(30);
/// Names members by ids of their own making.
pub(crate) const VERSION: i16 = 1;
/// Says that the member leaves.
const LEAVES: i32 = -1;

pub(crate) struct Member {
    pub(crate) group: String,
    pub(crate) id: String,
    pub(crate) epoch: i32,
    topic: String,
    owned: Vec<(Uuid, Vec<i32>)>,
    /// What it owns has changed since it last told.
    must_tell: bool,
}

impl Member {
    pub(crate) fn new(group: &str, id: &str, topic: &str) -> Self {
        let (group, id, topic) = (group.to_owned(), id.to_owned(), topic.to_owned());
        Self { group, id, epoch: 0, topic, owned: Vec::new(), must_tell: true }
    }

    /// One that says nothing new, as of a member at rest.
    pub(crate) fn at_rest(&self) -> ConsumerGroupHeartbeatRequest {
        ConsumerGroupHeartbeatRequest {
            group_id: self.group.clone(),
            member_id: self.id.clone(),
            member_epoch: self.epoch,
            rebalance_timeout_ms: -1,
            ..ConsumerGroupHeartbeatRequest::default()
        }
    }

    fn request(&self) -> ConsumerGroupHeartbeatRequest {
        let mut request = self.at_rest();
        if self.epoch == 0 {
            request.rebalance_timeout_ms = 60_000;
            request.subscribed_topic_names = Some(vec![self.topic.clone()]);
        }
        if self.must_tell || self.epoch == 0 {
            let owned = self.owned.iter();
            let owned = owned.map(|(topic_id, partitions)| TopicPartitions {
                topic_id: *topic_id,
                partitions: partitions.clone(),
            });
            request.topic_partitions = Some(owned.collect());
        }
        request
    }

    /// One heartbeat; gives how long until the next one is due, which is not at all when there is something to tell.
    pub(crate) fn beat(&mut self, side: &mut Side) -> Result<Duration, Failed> {
        let answer = self.answer(side, &self.request())?;
        self.epoch = answer.member_epoch;
        self.must_tell = false;
        if let Some(assignment) = answer.assignment {
            let told = assignment.topic_partitions.into_iter();
            let mut told: Vec<_> = told.map(|topic| (topic.topic_id, topic.partitions)).collect();
            told.iter_mut().for_each(|(_, partitions)| partitions.sort_unstable());
            self.must_tell = told != self.owned;
            self.owned = told;
        }
        let interval = u64::try_from(answer.heartbeat_interval_ms).unwrap_or(0);
        Ok(Duration::from_millis(if self.must_tell { 0 } else { interval }))
    }

    pub(crate) fn leave(&self, side: &mut Side) -> Result<(), Failed> {
        let request = ConsumerGroupHeartbeatRequest { member_epoch: LEAVES, ..self.at_rest() };
        self.answer(side, &request).map(drop)
    }

    fn answer(
        &self,
        side: &mut Side,
        request: &ConsumerGroupHeartbeatRequest,
    ) -> Result<ConsumerGroupHeartbeatResponse, Failed> {
        let failed = |words: String| Failed(format!("{} of {}: {words}", self.id, self.group));
        let end = Instant::now() + PATIENCE;
        loop {
            match side.call(request, VERSION)? {
                Some(answer) if answer.error_code == 0 => return Ok(answer),
                Some(answer) if is_coming(answer.error_code) && Instant::now() < end => {
                    thread::sleep(Duration::from_millis(20));
                }
                Some(answer) => return Err(failed(format!("code {}", answer.error_code))),
                None => return Err(failed("the connection was closed".into())),
            }
        }
    }

    /// Partitions that it owns, and the broker knows that it does.
    pub(crate) fn settled(&self) -> Option<usize> {
        let owned = self.owned.iter().map(|(_, partitions)| partitions.len()).sum();
        (!self.must_tell).then_some(owned)
    }
}
