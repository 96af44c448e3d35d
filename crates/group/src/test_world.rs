//! A shard in a small world for tests: decisions are carried out at once, time is turned by hand, and no request may be
//! answered twice.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bytes::Bytes;
use model::{Instant, Offset, PartitionIndex, SeededRandom, Timestamp, TopicName};

use crate::consumer::test_cluster::TestCluster;
use crate::{
    Answer, Client, CommitOffsets, ConsumerHeartbeat, ConsumerHeartbeatReply, Decision, Event,
    Generation, GroupError, GroupId, GroupRecord, GroupSettings, GroupShard, Heartbeat, InstanceId,
    Join, JoinRefused, Joined, Leave, LeavingMember, MemberId, Now, OffsetToCommit, PartResults,
    PartitionKey, Protocol, Reply, Soft, Sync, Synced, Ticket,
};

pub(crate) struct World {
    pub(crate) shard: GroupShard,
    pub(crate) soft: Soft,
    pub(crate) cluster: TestCluster,
    pub(crate) millis: u64,
    pub(crate) log: Vec<GroupRecord>,
    pub(crate) events: Vec<Event>,
    pub(crate) open: BTreeSet<Ticket>,
    pub(crate) answers: BTreeMap<Ticket, Reply>,
    next_ticket: u64,
}

pub(crate) fn group_id() -> GroupId {
    GroupId::new("readers").unwrap()
}

pub(crate) fn topic(name: &str) -> TopicName {
    TopicName::new(name).unwrap()
}

pub(crate) fn key(name: &str, partition: i32) -> PartitionKey {
    PartitionKey { topic: topic(name), partition: PartitionIndex::from_wire(partition).unwrap() }
}

pub(crate) fn offset(raw: i64) -> Offset {
    Offset::from_wire(raw).unwrap()
}

pub(crate) fn protocol(name: &str, metadata: &[u8]) -> Protocol {
    Protocol { name: name.into(), metadata: Bytes::copy_from_slice(metadata) }
}

/// A join of a modern consumer with one protocol; tests change what they are about.
pub(crate) fn join(member: Option<&MemberId>) -> Join {
    Join {
        group: group_id(),
        member: member.cloned(),
        instance: None,
        client: Client { id: "app".into(), host: "/127.0.0.1".into() },
        session_timeout: Duration::from_secs(10),
        rebalance_timeout: Duration::from_secs(60),
        protocol_type: "consumer".into(),
        protocols: vec![protocol("range", &crate::subscription::tests::subscription(&["orders"]))],
        knows_member_id_required: true,
        knows_skip_assignment: true,
        reason: None,
        ticket: Ticket(0),
    }
}

pub(crate) fn static_join(instance: &str) -> Join {
    Join { instance: Some(InstanceId::new(instance)), ..join(None) }
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(GroupSettings::default())
    }

    pub(crate) fn with(settings: GroupSettings) -> Self {
        let mut world = Self {
            shard: GroupShard::new(),
            soft: Soft::new(settings, SeededRandom::new(7)),
            cluster: TestCluster::new(),
            millis: 0,
            log: Vec::new(),
            events: Vec::new(),
            open: BTreeSet::new(),
            answers: BTreeMap::new(),
            next_ticket: 1,
        };
        let time = world.now();
        let decision = world.shard.loaded(&mut world.soft, time);
        world.carry_out(decision);
        world
    }

    /// The process dies and another one loads the log.
    pub(crate) fn restart(&mut self) {
        self.shard = GroupShard::new();
        for (index, record) in self.log.iter().enumerate() {
            self.shard.replay(offset(i64::try_from(index).unwrap()), record);
        }
        self.soft = Soft::new(self.soft.settings().clone(), self.soft.random.fork());
        self.open.clear();
        let time = self.now();
        let decision = self.shard.loaded(&mut self.soft, time);
        self.carry_out(decision);
    }

    pub(crate) fn now(&self) -> Now {
        let wall = 1_700_000_000_000 + i64::try_from(self.millis).unwrap();
        Now {
            instant: Instant::from_millis(self.millis),
            wall: Timestamp::from_millis(wall).unwrap(),
        }
    }

    pub(crate) fn carry_out<R>(&mut self, decision: Decision<R>) -> R {
        for record in decision.records {
            let at = offset(i64::try_from(self.log.len()).unwrap());
            self.shard.replay(at, &record);
            self.log.push(record);
        }
        for Answer { ticket, reply } in decision.answers {
            assert!(self.open.remove(&ticket), "{ticket:?} is answered twice, or was never asked");
            self.answers.insert(ticket, reply);
        }
        self.events.extend(decision.events);
        decision.reply
    }

    fn ticket(&mut self) -> Ticket {
        self.next_ticket += 1;
        let ticket = Ticket(self.next_ticket);
        self.open.insert(ticket);
        ticket
    }

    pub(crate) fn join(&mut self, request: Join) -> Ticket {
        let ticket = self.ticket();
        let time = self.now();
        let decision =
            self.shard.join(&mut self.soft, time, &self.cluster, Join { ticket, ..request });
        self.carry_out(decision);
        ticket
    }

    pub(crate) fn sync(&mut self, request: Sync) -> Ticket {
        let ticket = self.ticket();
        let time = self.now();
        let decision =
            self.shard.sync(&mut self.soft, time, &self.cluster, Sync { ticket, ..request });
        self.carry_out(decision);
        ticket
    }

    pub(crate) fn sync_of(
        &mut self,
        member: &MemberId,
        generation: Generation,
        assignments: &[(&MemberId, &str)],
    ) -> Ticket {
        let assignments = assignments
            .iter()
            .map(|(id, text)| ((*id).clone(), Bytes::from(text.to_string())))
            .collect();
        self.sync(Sync {
            group: group_id(),
            member: Some(member.clone()),
            instance: None,
            generation: Some(generation),
            protocol_type: None,
            protocol: None,
            assignments,
            ticket: Ticket(0),
        })
    }

    pub(crate) fn heartbeat(
        &mut self,
        member: &MemberId,
        generation: Generation,
    ) -> Result<(), GroupError> {
        let request = Heartbeat {
            group: group_id(),
            member: Some(member.clone()),
            instance: None,
            generation: Some(generation),
        };
        let time = self.now();
        let decision = self.shard.heartbeat(&mut self.soft, time, &self.cluster, &request);
        self.carry_out(decision)
    }

    pub(crate) fn leave(&mut self, members: Vec<LeavingMember>) -> PartResults {
        let request = Leave { group: group_id(), members };
        let time = self.now();
        let decision = self.shard.leave(&mut self.soft, time, &self.cluster, &request);
        self.carry_out(decision)
    }

    pub(crate) fn leave_of(&mut self, member: &MemberId) -> PartResults {
        self.leave(vec![LeavingMember {
            member: Some(member.clone()),
            instance: None,
            reason: None,
        }])
    }

    pub(crate) fn commit(
        &mut self,
        member: Option<(&MemberId, Generation)>,
        offsets: &[(PartitionKey, i64)],
    ) -> PartResults {
        let to_commit = |(partition, raw): &(PartitionKey, i64)| OffsetToCommit {
            partition: partition.clone(),
            topic_id: None,
            offset: Offset::from_wire(*raw),
            leader_epoch: None,
            metadata: "".into(),
        };
        self.commit_as(CommitOffsets {
            group: group_id(),
            member: member.map(|(id, _)| id.clone()),
            instance: None,
            generation: member.map(|(_, generation)| generation),
            knows_member_epochs: true,
            retention: None,
            offsets: offsets.iter().map(to_commit).collect(),
        })
    }

    /// A report of a member of a consumer group.
    pub(crate) fn report(
        &mut self,
        request: ConsumerHeartbeat,
    ) -> Result<ConsumerHeartbeatReply, GroupError> {
        let time = self.now();
        let decision = self.shard.consumer_heartbeat(&mut self.soft, time, &self.cluster, &request);
        self.carry_out(decision)
    }

    /// A commit of offset 1 of some partitions, with the topics' ids.
    pub(crate) fn commit_of_consumer(
        &mut self,
        member: &str,
        epoch: Option<i32>,
        partitions: &[(&str, i32)],
        knows_member_epochs: bool,
    ) -> PartResults {
        let to_commit = |(name, index): &(&str, i32)| OffsetToCommit {
            partition: key(name, *index),
            topic_id: Some(self.cluster.partition(name, 0).topic),
            offset: Offset::from_wire(1),
            leader_epoch: None,
            metadata: "".into(),
        };
        self.commit_as(CommitOffsets {
            group: group_id(),
            member: MemberId::new(member),
            instance: None,
            generation: epoch.and_then(Generation::from_wire),
            knows_member_epochs,
            retention: None,
            offsets: partitions.iter().map(to_commit).collect(),
        })
    }

    pub(crate) fn commit_as(&mut self, request: CommitOffsets) -> PartResults {
        let time = self.now();
        let decision = self.shard.commit_offsets(&mut self.soft, time, request);
        self.carry_out(decision)
    }

    pub(crate) fn committed(&self, partition: &PartitionKey) -> Option<i64> {
        let asked = [(&partition.topic, None, partition.partition)];
        let fetched = self.shard.fetch_offsets(&group_id(), asked, false).reply;
        fetched[0].unwrap().and_then(|committed| committed.offset).map(Offset::to_wire)
    }

    /// Lets time pass, with every deadline carried out at its moment.
    pub(crate) fn pass(&mut self, millis: u64) {
        let end = self.millis + millis;
        while let Some(next) = self.soft.next_timeout().filter(|next| next.as_millis() <= end) {
            self.millis = self.millis.max(next.as_millis());
            let time = self.now();
            let decision = self.shard.time_passed(&mut self.soft, time);
            self.carry_out(decision);
        }
        self.millis = end;
    }

    pub(crate) fn pass_until_answered(&mut self, ticket: Ticket) {
        while self.is_parked(ticket) {
            self.pass(100);
        }
    }

    pub(crate) fn joined(&self, ticket: Ticket) -> Joined {
        match self.answers.get(&ticket) {
            Some(Reply::Join(Ok(joined))) => joined.clone(),
            other => panic!("not joined: {other:?}"),
        }
    }

    pub(crate) fn refused(&self, ticket: Ticket) -> GroupError {
        self.refusal(ticket).error
    }

    pub(crate) fn refusal(&self, ticket: Ticket) -> JoinRefused {
        match self.answers.get(&ticket) {
            Some(Reply::Join(Err(refused))) => refused.clone(),
            other => panic!("not refused: {other:?}"),
        }
    }

    pub(crate) fn synced(&self, ticket: Ticket) -> Result<Synced, GroupError> {
        match self.answers.get(&ticket) {
            Some(Reply::Sync(result)) => result.clone(),
            other => panic!("not synced: {other:?}"),
        }
    }

    pub(crate) fn assignment(&self, ticket: Ticket) -> String {
        String::from_utf8(self.synced(ticket).unwrap().assignment.to_vec()).unwrap()
    }

    pub(crate) fn is_parked(&self, ticket: Ticket) -> bool {
        self.open.contains(&ticket)
    }

    pub(crate) fn state(&self) -> Option<&'static str> {
        let described = self.shard.describe(&self.soft, &group_id()).reply;
        described.ok().map(|group| group.state.name())
    }

    /// A first join as modern clients do it: an id is handed out, and used. The join stays parked.
    pub(crate) fn begin_join(&mut self, request: Join) -> (MemberId, Ticket) {
        let first = self.join(request.clone());
        let refusal = self.refusal(first);
        assert_eq!(refusal.error, GroupError::MemberIdRequired);
        let id = refusal.member.unwrap();
        let ticket = self.join(Join { member: Some(id.clone()), ..request });
        (id, ticket)
    }

    /// A stable group of dynamic members, in the order of joining; the first is leader.
    pub(crate) fn stable(&mut self, count: usize) -> (Vec<MemberId>, Generation) {
        let joins: Vec<_> = (0..count).map(|_| self.begin_join(join(None))).collect();
        self.pass_until_answered(joins[0].1);
        self.finish(&joins)
    }

    /// All whose joins are answered sync; the leader assigns each member its own place.
    pub(crate) fn finish(&mut self, joins: &[(MemberId, Ticket)]) -> (Vec<MemberId>, Generation) {
        let generation = self.joined(joins[0].1).generation;
        let leader = self.joined(joins[0].1).leader.unwrap();
        let names: Vec<String> = (0..joins.len()).map(|index| index.to_string()).collect();
        let ids: Vec<MemberId> = joins.iter().map(|(id, _)| id.clone()).collect();
        let assignments: Vec<_> =
            ids.iter().zip(&names).map(|(id, name)| (id, name.as_str())).collect();
        let followers: Vec<Ticket> = ids
            .iter()
            .filter(|id| **id != leader)
            .map(|id| self.sync_of(id, generation, &[]))
            .collect();
        let ticket = self.sync_of(&leader, generation, &assignments);
        assert!(self.synced(ticket).is_ok());
        assert!(followers.iter().all(|ticket| self.synced(*ticket).is_ok()));
        assert_eq!(self.state(), Some("Stable"));
        (ids, generation)
    }
}
