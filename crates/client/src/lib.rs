//! A client of Ottla, and of Apache Kafka from 2.1 to 4.4.
//!
//! [`Client`] knows the cluster: it connects, agrees on versions, finds leaders and coordinators, and asks again where
//! that helps. On it stand [`Producer`], [`Consumer`], [`GroupConsumer`] and the administrative calls, which are
//! methods of [`Client`]. Everything runs on the tokio runtime that calls it; one thread is enough.
//!
//! What decides is apart from what waits: `producer::accumulator`, `group::assignor`, `versions` and `backoff` touch no
//! socket and no clock.
//!
//! [`GroupConsumer`] is a member of a classic group and knows the range assignor only: every rebalance moves through "give
//! up all, get all" (the eager protocol). Round robin, sticky and cooperative assignors, and patterns of topics, are not
//! here yet. In a group with other clients, one of theirs must be `range`, as Java's default list has it.
//!
//! Of transactions the consumer knows the reading side ([`Isolation::Committed`]); producers are idempotent, not
//! transactional. TLS, SASL and the group protocol of KIP-848 are not here yet.

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
mod versions;

pub use admin::{
    AlterConfig, ClusterDescription, CommittedOffset, ConfigEntry, ConfigOperation, ConfigResource,
    ConfigResourceKind, GroupDescription, GroupHistory, GroupKind, GroupLag, GroupListing,
    GroupMember, InternalTopic, LagReport, ListedOffset, LogDirectory, MemberHistory, NewTopic,
    OffsetQuery, OpenTransaction, PartitionLag, Rebalance, ShareOffset, StreamsMember, Subtopology,
    Tasks, Topology, TransactionDescription,
};
pub use client::{Client, Target};
pub use config::{ClientConfig, NotAnAddress, ServerAddress};
pub use connection::{Connection, PendingAnswer};
pub use consumer::{Consumer, ConsumerConfig, Fetched, Isolation, OutOfRange, Start};
pub use error::{ClientError, Result};
pub use error_map::{Reaction, Refused, advice, reaction};
pub use group::{GroupConfig, GroupConsumer, Polled};
pub use metadata::{Broker, Metadata, PartitionMetadata, TopicMetadata};
pub use producer::{Acks, Delivered, Delivery, NewRecord, Producer, ProducerConfig};
pub use versions::ApiVersions;
