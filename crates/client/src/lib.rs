//! A client of Ottla, and of Apache Kafka from 2.1 to 4.4.
//!
//! [`Client`] knows the cluster: it connects, agrees on versions, finds leaders and coordinators, and asks again where
//! that helps. On it stand [`Producer`], [`Consumer`], [`GroupConsumer`], [`ShareConsumer`] and the administrative calls, which
//! are methods of [`Client`]. Everything runs on the tokio runtime that calls it; one thread is enough.
//!
//! What decides is apart from what waits: `producer::accumulator`, `producer::partitioner`, `consumer::positions`,
//! `producer::transactions`, `group::assignor`, `group::ownership`, `group::reconciliation`, `config`, `versions` and `backoff` touch no socket and no clock.
//!
//! [`GroupConsumer`] is a member of a group, by either [`GroupProtocol`]. In a classic one members share partitions by [`Assignor`], all
//! at once or, where every member is cooperative, only what moves; in one of KIP-848 the coordinator does, also by patterns of topics.
//!
//! Settings are typed ([`ClientConfig`], [`ProducerConfig`], [`ConsumerConfig`], [`GroupConfig`]), or have the names that
//! Apache Kafka's clients give them ([`Properties`]). What is not supported is refused by its name.
//!
//! Exactly once: a [`TransactionalProducer`] commits records and the offsets of what they were made from together
//! ([`Transaction::send_offsets`]), and [`Isolation::Committed`] shows only what was committed. TLS and SASL are not here yet.

mod admin;
mod backoff;
mod client;
mod config;
mod connection;
mod consumer;
mod error;
mod error_map;
mod group;
pub mod limits;
mod metadata;
mod producer;
mod share;
mod versions;

pub use admin::{
    AlterConfig, ClusterDescription, CommittedOffset, ConfigEntry, ConfigOperation, ConfigResource,
    ConfigResourceKind, GroupDescription, GroupHistory, GroupKind, GroupLag, GroupListing,
    GroupMember, InternalTopic, LagReport, ListedOffset, LogDirectory, MemberHistory, NewTopic,
    OffsetQuery, OpenTransaction, PartitionLag, Rebalance, ShareOffset, StreamsMember, Subtopology,
    Tasks, Topology, TransactionDescription,
};
pub use client::{Client, Target};
pub use config::{
    Allowed, BackoffRange, ClientConfig, ConfigError, Kind, NotAnAddress, OffsetReset, Properties,
    Role, ServerAddress, Setting, Support,
};
pub use connection::{Connection, PendingAnswer};
pub use consumer::{Consumer, ConsumerConfig, Fetched, Isolation, OutOfRange, Start};
pub use error::{ClientError, Remedy, Result};
pub use error_map::{Reaction, Refused, advice, reaction};
pub use group::{
    Assignor, Commit, ConsumerGroupMetadata, GroupConfig, GroupConsumer, GroupProtocol, Polled,
    UnknownAssignor,
};
pub use metadata::{Broker, Metadata, PartitionMetadata, TopicMetadata};
pub use producer::{
    Acks, CustomPartitioner, Delivered, Delivery, KeyHash, Keyless, NewRecord, Partitioner,
    Producer, ProducerConfig, Transaction, TransactionConfig, TransactionEnd,
    TransactionalProducer, UnknownPartitioner,
};
pub use share::{
    Acknowledgements, AcquireMode, ShareConfig, ShareConsumer, ShareFetched, SharePolled,
    Unacknowledged,
};
pub use versions::ApiVersions;
