//! Answers to Produce, Fetch and ShareFetch written field by field into a recycled buffer, without allocating.
//!
//! Both follow the order on the wire: [`FetchResponseWriter::begin`], then for each topic its head, its partitions and
//! its end, then [`FetchResponseWriter::finish`]. Counts are given up front; keeping to them is the caller's part,
//! and asserted.

use model::Uuid;

use crate::messages::fetch_response::{NodeEndpoint as FetchNode, PartitionData};
use crate::messages::produce_response::{NodeEndpoint as ProduceNode, PartitionProduceResponse};
use crate::messages::share_fetch_response::{
    NodeEndpoint as ShareFetchNode, PartitionData as SharePartitionData,
};
use crate::messages::{FetchResponse, ProduceResponse, ShareFetchResponse};
use crate::{Element, EncodeError, Message, Writer};

type Result<T> = std::result::Result<T, EncodeError>;

/// How many topics and partitions are still to come.
#[derive(Debug)]
struct Expected {
    topics: usize,
    partitions: usize,
}

impl Expected {
    fn topic(&mut self, partitions: usize) {
        assert!(self.topics > 0);
        assert_eq!(self.partitions, 0);
        self.topics -= 1;
        self.partitions = partitions;
    }

    fn partition(&mut self) {
        assert!(self.partitions > 0);
        self.partitions -= 1;
    }
}

fn begin<M: Message>(out: &mut Vec<u8>, version: i16) -> Result<Writer<'_>> {
    if !M::VERSIONS.contains(version) {
        let (message, versions) = (M::NAME, M::VERSIONS);
        return Err(EncodeError::Version { message, versions, version });
    }
    Ok(Writer::new(out, M::FLEXIBLE.contains(version)))
}

/// The first version of Produce and of Fetch that names topics by id (KIP-516).
const TOPIC_ID_VERSION: i16 = 13;

fn topic(
    out: &mut Writer<'_>,
    version: i16,
    name: &str,
    id: Uuid,
    partitions: usize,
) -> Result<()> {
    if version < TOPIC_ID_VERSION {
        out.string(name)?;
    } else {
        out.uuid(id);
    }
    out.array_count(partitions)
}

/// Writes the body of a Produce response.
#[derive(Debug)]
pub struct ProduceResponseWriter<'a> {
    out: Writer<'a>,
    version: i16,
    expected: Expected,
}

impl<'a> ProduceResponseWriter<'a> {
    pub fn begin(out: &'a mut Vec<u8>, version: i16, topic_count: usize) -> Result<Self> {
        let mut out = begin::<ProduceResponse>(out, version)?;
        out.array_count(topic_count)?;
        Ok(Self { out, version, expected: Expected { topics: topic_count, partitions: 0 } })
    }

    /// A topic with `partition_count` partitions, of whose names the version takes one.
    pub fn topic(&mut self, name: &str, id: Uuid, partition_count: usize) -> Result<()> {
        self.expected.topic(partition_count);
        topic(&mut self.out, self.version, name, id, partition_count)?;
        self.end_topic_if_done();
        Ok(())
    }

    pub fn partition(&mut self, partition: &PartitionProduceResponse) -> Result<()> {
        self.expected.partition();
        partition.write(&mut self.out, self.version)?;
        self.end_topic_if_done();
        Ok(())
    }

    fn end_topic_if_done(&mut self) {
        if self.expected.partitions == 0 {
            self.out.no_tagged_fields();
        }
    }

    pub fn finish(mut self, throttle_time_ms: i32, nodes: &[ProduceNode]) -> Result<()> {
        assert_eq!(self.expected.topics, 0);
        assert_eq!(self.expected.partitions, 0);
        self.out.i32(throttle_time_ms);
        let version = self.version;
        let mut tags = self.out.begin_tagged_fields();
        if version >= 10 && !nodes.is_empty() {
            self.out.tagged_field(&mut tags, 0, |out| out.array(nodes, version))?;
        }
        self.out.end_tagged_fields(tags);
        Ok(())
    }
}

/// The fields of a Fetch response that come before its topics.
#[derive(Clone, Copy, Debug, Default)]
pub struct FetchResponseHead {
    pub throttle_time_ms: i32,
    /// Left out below version 7.
    pub error_code: i16,
    /// Left out below version 7.
    pub session_id: i32,
    pub topic_count: usize,
}

/// Writes the body of a Fetch response without its records: those go to the socket from where they lie, at the positions
/// that [`FetchResponseWriter::partition`] returns.
#[derive(Debug)]
pub struct FetchResponseWriter<'a> {
    out: Writer<'a>,
    version: i16,
    expected: Expected,
}

impl<'a> FetchResponseWriter<'a> {
    pub fn begin(out: &'a mut Vec<u8>, version: i16, head: FetchResponseHead) -> Result<Self> {
        let mut out = begin::<FetchResponse>(out, version)?;
        out.i32(head.throttle_time_ms);
        if version >= 7 {
            out.i16(head.error_code);
            out.i32(head.session_id);
        }
        out.array_count(head.topic_count)?;
        let expected = Expected { topics: head.topic_count, partitions: 0 };
        Ok(Self { out, version, expected })
    }

    /// A topic with `partition_count` partitions, of whose names the version takes one.
    pub fn topic(&mut self, name: &str, id: Uuid, partition_count: usize) -> Result<()> {
        self.expected.topic(partition_count);
        topic(&mut self.out, self.version, name, id, partition_count)?;
        self.end_topic_if_done();
        Ok(())
    }

    /// A partition whose records are `records_size` bytes that the caller sends. Returns the position in the buffer at which
    /// they belong. `partition.records` is not looked at.
    pub fn partition(&mut self, partition: &PartitionData, records_size: usize) -> Result<usize> {
        self.expected.partition();
        let (out, version) = (&mut self.out, self.version);
        out.i32(partition.partition_index);
        out.i16(partition.error_code);
        out.i64(partition.high_watermark);
        out.i64(partition.last_stable_offset);
        if version >= 5 {
            out.i64(partition.log_start_offset);
        }
        out.nullable_array(partition.aborted_transactions.as_deref(), version)?;
        if version >= 11 {
            out.i32(partition.preferred_read_replica);
        } else if partition.preferred_read_replica != -1 {
            let field = "FetchResponse.PartitionData.PreferredReadReplica";
            return Err(EncodeError::FieldNotInVersion { field, version });
        }
        out.length(records_size)?;
        let position = out.position();
        partition_tagged_fields(out, version, partition)?;
        self.end_topic_if_done();
        Ok(position)
    }

    fn end_topic_if_done(&mut self) {
        if self.expected.partitions == 0 {
            self.out.no_tagged_fields();
        }
    }

    pub fn finish(mut self, nodes: &[FetchNode]) -> Result<()> {
        assert_eq!(self.expected.topics, 0);
        assert_eq!(self.expected.partitions, 0);
        let version = self.version;
        let mut tags = self.out.begin_tagged_fields();
        if version >= 16 && !nodes.is_empty() {
            self.out.tagged_field(&mut tags, 0, |out| out.array(nodes, version))?;
        }
        self.out.end_tagged_fields(tags);
        Ok(())
    }
}

/// Writes the body of a ShareFetch response without its records: those go to the socket from where they lie, at the positions
/// that [`ShareFetchResponseWriter::partition`] returns.
#[derive(Debug)]
pub struct ShareFetchResponseWriter<'a> {
    out: Writer<'a>,
    version: i16,
    expected: Expected,
}

impl<'a> ShareFetchResponseWriter<'a> {
    /// Of `head` all but topics and nodes is written.
    pub fn begin(
        out: &'a mut Vec<u8>,
        version: i16,
        head: &ShareFetchResponse,
        topic_count: usize,
    ) -> Result<Self> {
        let mut out = begin::<ShareFetchResponse>(out, version)?;
        out.i32(head.throttle_time_ms);
        out.i16(head.error_code);
        out.nullable_string(head.error_message.as_deref())?;
        out.i32(head.acquisition_lock_timeout_ms);
        out.array_count(topic_count)?;
        Ok(Self { out, version, expected: Expected { topics: topic_count, partitions: 0 } })
    }

    pub fn topic(&mut self, id: Uuid, partition_count: usize) -> Result<()> {
        self.expected.topic(partition_count);
        self.out.uuid(id);
        self.out.array_count(partition_count)?;
        self.end_topic_if_done();
        Ok(())
    }

    /// A partition whose records are `records_size` bytes that the caller sends. Returns the position in the buffer at which
    /// they belong. `partition.records` is not looked at.
    pub fn partition(
        &mut self,
        partition: &SharePartitionData,
        records_size: usize,
    ) -> Result<usize> {
        self.expected.partition();
        let (out, version) = (&mut self.out, self.version);
        out.i32(partition.partition_index);
        out.i16(partition.error_code);
        out.nullable_string(partition.error_message.as_deref())?;
        out.i16(partition.acknowledge_error_code);
        out.nullable_string(partition.acknowledge_error_message.as_deref())?;
        partition.current_leader.write(out, version)?;
        out.length(records_size)?;
        let position = out.position();
        out.array(&partition.acquired_records, version)?;
        out.no_tagged_fields();
        self.end_topic_if_done();
        Ok(position)
    }

    fn end_topic_if_done(&mut self) {
        if self.expected.partitions == 0 {
            self.out.no_tagged_fields();
        }
    }

    pub fn finish(mut self, nodes: &[ShareFetchNode]) -> Result<()> {
        assert_eq!(self.expected.topics, 0);
        assert_eq!(self.expected.partitions, 0);
        self.out.array(nodes, self.version)?;
        self.out.no_tagged_fields();
        Ok(())
    }
}

fn partition_tagged_fields(
    out: &mut Writer<'_>,
    version: i16,
    partition: &PartitionData,
) -> Result<()> {
    let default = PartitionData::default();
    let mut tags = out.begin_tagged_fields();
    if version >= 12 {
        if partition.diverging_epoch != default.diverging_epoch {
            out.tagged_field(&mut tags, 0, |out| partition.diverging_epoch.write(out, version))?;
        }
        if partition.current_leader != default.current_leader {
            out.tagged_field(&mut tags, 1, |out| partition.current_leader.write(out, version))?;
        }
        if partition.snapshot_id != default.snapshot_id {
            out.tagged_field(&mut tags, 2, |out| partition.snapshot_id.write(out, version))?;
        }
    }
    out.end_tagged_fields(tags);
    Ok(())
}
