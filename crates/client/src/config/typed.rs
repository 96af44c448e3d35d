//! Typed settings from properties.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use record::{Compression, GzipLevel, Lz4Level, ZstdLevel};

use super::{
    BackoffRange, ClientConfig, ConfigError, OffsetReset, Properties, Role, ServerAddress,
};
use super::{reset, rules};
use crate::consumer::{ConsumerConfig, Isolation, OutOfRange, Start};
use crate::group::{Assignor, Commit, GroupConfig, GroupProtocol, UnknownAssignor};
use crate::limits::DURATION_MAX;
use crate::producer::{Acks, Partitioner, ProducerConfig, TransactionConfig, UnknownPartitioner};

/// Clients of this process that had no id, for the ids that they get.
static NAMELESS: AtomicU64 = AtomicU64::new(0);

impl Properties {
    fn millis(&self, name: &'static str) -> Result<Duration, ConfigError> {
        let millis = Duration::from_millis(u64::try_from(self.whole(name)?).unwrap_or(0));
        Ok(millis.min(DURATION_MAX))
    }

    fn size(&self, name: &'static str) -> Result<usize, ConfigError> {
        Ok(usize::try_from(self.whole(name)?).unwrap_or(usize::MAX))
    }

    fn int(&self, name: &'static str) -> Result<i32, ConfigError> {
        Ok(i32::try_from(self.whole(name)?).unwrap_or(i32::MAX))
    }

    /// `None` for -1, the system's choice.
    fn socket_buffer(&self, name: &'static str) -> Result<Option<u32>, ConfigError> {
        Ok(u32::try_from(self.whole(name)?).ok())
    }

    /// A longest pause that nobody gave is never below the shortest one that somebody gave.
    fn backoff(
        &self,
        min: &'static str,
        max: &'static str,
        follows: bool,
    ) -> Result<BackoffRange, ConfigError> {
        let mut range = BackoffRange { min: self.millis(min)?, max: self.millis(max)? };
        if follows && self.is_given(min) && !self.is_given(max) {
            range.max = range.max.max(range.min);
        }
        Ok(range)
    }

    /// How the client reaches its cluster. A client without a `client.id` gets one as Apache Kafka's clients do:
    /// `producer-1`, `consumer-GROUP-2`, `adminclient-3`, counted through this process.
    pub fn client(&self) -> Result<ClientConfig, ConfigError> {
        let idle = self.whole("connections.max.idle.ms")?;
        let (api_timeout, retries) = match self.role() {
            // A producer's retries are those of its batches.
            Role::Producer => ("max.block.ms", i32::MAX),
            Role::Consumer => ("default.api.timeout.ms", i32::MAX),
            Role::Admin => ("default.api.timeout.ms", self.int("retries")?),
        };
        Ok(ClientConfig {
            bootstrap: self.bootstrap()?,
            client_id: self.client_id()?,
            connect_timeout: self.millis("socket.connection.setup.timeout.ms")?,
            connect_timeout_max: self.millis("socket.connection.setup.timeout.max.ms")?,
            request_timeout: self.millis("request.timeout.ms")?,
            api_timeout: self.millis(api_timeout)?,
            retries: retries.unsigned_abs(),
            retry_backoff: self.backoff("retry.backoff.ms", "retry.backoff.max.ms", false)?,
            reconnect_backoff: self.backoff(
                "reconnect.backoff.ms",
                "reconnect.backoff.max.ms",
                true,
            )?,
            metadata_age_max: self.millis("metadata.max.age.ms")?,
            idle_max: u64::try_from(idle).ok().map(Duration::from_millis),
            send_buffer_size: self.socket_buffer("send.buffer.bytes")?,
            receive_buffer_size: self.socket_buffer("receive.buffer.bytes")?,
            rebootstraps: self
                .text("metadata.recovery.strategy")?
                .eq_ignore_ascii_case("rebootstrap"),
            checks_cluster: self.switch("metadata.cluster.check.enable")?,
        })
    }

    fn bootstrap(&self) -> Result<Vec<ServerAddress>, ConfigError> {
        let servers = self.list("bootstrap.servers")?;
        let address = |text: &String| {
            text.parse().map_err(|error: super::NotAnAddress| ConfigError::Invalid {
                name: "bootstrap.servers",
                shown: text.clone(),
                allowed: error.to_string(),
            })
        };
        servers.iter().map(address).collect()
    }

    fn client_id(&self) -> Result<String, ConfigError> {
        let given = self.text("client.id")?;
        if !given.is_empty() {
            return Ok(given);
        }
        let number = NAMELESS.fetch_add(1, Ordering::Relaxed) + 1;
        let group = self.optional_text("group.id");
        if let (Role::Producer, Some(id)) = (self.role(), self.optional_text("transactional.id")) {
            return Ok(format!("producer-{id}"));
        }
        Ok(match (self.role(), group) {
            (Role::Producer, _) => format!("producer-{number}"),
            (Role::Admin, _) => format!("adminclient-{number}"),
            (Role::Consumer, Some(group)) => format!("consumer-{group}-{number}"),
            (Role::Consumer, None) => format!("consumer-null-{number}"),
        })
    }

    /// What the producer does. Fails for properties of another kind of client.
    pub fn producer(&self) -> Result<ProducerConfig, ConfigError> {
        self.must_be(Role::Producer)?;
        let least = u64::try_from(rules::delivery_least(self)?).unwrap_or(0);
        let delivery_timeout =
            self.millis("delivery.timeout.ms")?.max(Duration::from_millis(least));
        let acks = match self.text("acks")?.as_str() {
            "0" => Acks::None,
            "1" => Acks::Leader,
            _ => Acks::All,
        };
        Ok(ProducerConfig {
            acks,
            idempotent: rules::is_idempotent(self)?,
            compression: self.compression()?,
            linger: self.millis("linger.ms")?,
            batch_size: self.size("batch.size")?,
            request_size_max: self.size("max.request.size")?,
            buffer_size_max: self.size("buffer.memory")?,
            delivery_timeout,
            block_max: self.millis("max.block.ms")?,
            in_flight_max: self.size("max.in.flight.requests.per.connection")?,
            partitioner: self.partitioner()?,
            ignores_keys: self.switch("partitioner.ignore.keys")?,
            adaptive: self.switch("partitioner.adaptive.partitioning.enable")?,
            retries: self.int("retries")?.unsigned_abs(),
            topic_idle_max: self.millis("metadata.max.idle.ms")?,
        })
    }

    /// Whose transactions the producer writes in; `None` without `transactional.id`. Fails for properties of another kind of
    /// client.
    pub fn transactions(&self) -> Result<Option<TransactionConfig>, ConfigError> {
        self.must_be(Role::Producer)?;
        let Some(transactional_id) = self.optional_text("transactional.id") else {
            return Ok(None);
        };
        let timeout = self.millis("transaction.timeout.ms")?;
        Ok(Some(TransactionConfig { transactional_id, timeout }))
    }

    fn partitioner(&self) -> Result<Partitioner, ConfigError> {
        let Some(name) = self.optional_text("partitioner.class") else {
            return Ok(Partitioner::Default);
        };
        name.parse().map_err(|error: UnknownPartitioner| ConfigError::Invalid {
            name: "partitioner.class",
            shown: name.clone(),
            allowed: error.to_string(),
        })
    }

    fn compression(&self) -> Result<Compression, ConfigError> {
        Ok(match self.text("compression.type")?.as_str() {
            "gzip" => {
                let level = GzipLevel::new(self.int("compression.gzip.level")?);
                Compression::Gzip(level.unwrap_or_default())
            }
            "snappy" => Compression::Snappy,
            "lz4" => {
                let level = Lz4Level::new(self.int("compression.lz4.level")?);
                Compression::Lz4(level.unwrap_or_default())
            }
            "zstd" => {
                let level = ZstdLevel::new(self.int("compression.zstd.level")?);
                Compression::Zstd(level.unwrap_or_default())
            }
            _ => Compression::None,
        })
    }

    fn reset(&self) -> Result<OffsetReset, ConfigError> {
        Ok(reset::parse(&self.text("auto.offset.reset")?).unwrap_or(OffsetReset::Latest))
    }

    /// How partitions are read. Fails for properties of another kind of client.
    pub fn consumer(&self) -> Result<ConsumerConfig, ConfigError> {
        self.must_be(Role::Consumer)?;
        let isolation = match self.text("isolation.level")?.as_str() {
            "read_committed" => Isolation::Committed,
            _ => Isolation::Uncommitted,
        };
        Ok(ConsumerConfig {
            isolation,
            fetch_wait_max: self.millis("fetch.max.wait.ms")?,
            fetch_size_min: self.int("fetch.min.bytes")?,
            fetch_size_max: self.int("fetch.max.bytes")?,
            partition_fetch_size_max: self.int("max.partition.fetch.bytes")?,
            out_of_range: match self.reset()? {
                OffsetReset::None => OutOfRange::Fail,
                OffsetReset::Earliest => OutOfRange::Beginning,
                OffsetReset::Latest => OutOfRange::End,
                OffsetReset::Ago(ago) => OutOfRange::Ago(ago),
            },
        })
    }

    fn assignors(&self) -> Result<Vec<Assignor>, ConfigError> {
        let name = "partition.assignment.strategy";
        let assignor = |text: &String| {
            text.parse().map_err(|error: UnknownAssignor| ConfigError::Invalid {
                name,
                shown: text.clone(),
                allowed: error.to_string(),
            })
        };
        self.list(name)?.iter().map(assignor).collect()
    }

    /// How topics are shared with the other members of `group.id`, which is required. Fails for properties of another
    /// kind of client.
    pub fn group(&self, topics: Vec<String>) -> Result<GroupConfig, ConfigError> {
        self.must_be(Role::Consumer)?;
        let group = self.optional_text("group.id").filter(|group| !group.is_empty());
        let group = group.ok_or(ConfigError::Missing { name: "group.id" })?;
        let interval = self.millis("auto.commit.interval.ms")?;
        let config = GroupConfig {
            group,
            instance_id: self.optional_text("group.instance.id"),
            topics,
            pattern: None,
            protocol: match rules::is_consumer_protocol(self)? {
                true => GroupProtocol::Consumer,
                false => GroupProtocol::Classic,
            },
            remote_assignor: self.optional_text("group.remote.assignor"),
            assignors: self.assignors()?,
            session_timeout: self.millis("session.timeout.ms")?,
            heartbeat_interval: self.millis("heartbeat.interval.ms")?,
            poll_interval_max: self.millis("max.poll.interval.ms")?,
            commit: match self.switch("enable.auto.commit")? {
                true => Commit::Auto(interval),
                false => Commit::Manual,
            },
            metadata_age_max: self.millis("metadata.max.age.ms")?,
            creates_topics: self.switch("allow.auto.create.topics")?,
            start: match self.reset()? {
                OffsetReset::None => None,
                OffsetReset::Earliest => Some(Start::Beginning),
                OffsetReset::Latest => Some(Start::End),
                OffsetReset::Ago(ago) => Some(Start::Ago(ago)),
            },
        };
        config.check()?;
        Ok(config)
    }
}
