//! The broker's shell: one file per API under [`api`], the partitions, and the handler that the event loops run.
//!
//! Where to start: [`dispatch`] takes a frame apart and finds its API in the table of [`api`]; an API is
//! `fn handle(broker: &Arc<Broker>, request: Request<XRequest>, reply: ReplyTo)`. It must not wait for anything: what
//! must be waited for keeps the [`ReplyTo`] as data and answers later, from whatever thread.

pub mod api;
mod authorized_operations;
mod blocking;
mod broker;
mod cleaner;
mod cluster_view;
mod committer;
pub mod coordinator;
mod dispatch;
mod drainer;
mod endpoint;
pub mod error_map;
mod features;
mod fetch;
mod fetch_session;
mod hot;
mod image_cell;
mod internal_topics;
mod lag;
pub mod limits;
mod loggers;
mod loop_message;
mod observed;
mod observed_groups;
mod outcome;
mod own_appends;
mod partition;
mod partition_error;
mod partition_view;
mod partitions;
mod produce;
mod producer_ids;
mod reply;
mod request;
mod serving;
mod shares;
mod shown_groups;
mod slow_device;
mod ticket;
mod topic_cache;
mod topic_rules;
pub mod topics;
mod traffic;
mod transactions;
mod upkeep;

pub use broker::{Broker, BrokerParts, Identity};
pub use dispatch::LoopHandler;
pub use features::{KEPT_FEATURES, SUPPORTED_FEATURES, new_features, workable_features};
pub use image_cell::ImageCell;
pub use loop_message::LoopMessage;
pub use partition::Partition;
pub use partition_error::PartitionError;
pub use partitions::Partitions;
pub use reply::ReplyTo;
pub use request::{Client, Request};
pub use serving::{Serving, close_unserved, serve};
pub use topic_rules::log_config;
pub use transactions::Transactions;
