//! Every setting of Kafka 4.4, and Ottla's own, declared once.
//!
//! A row of a table under `declared` gives name, type, default, bounds, how it may change, what it does here
//! (see [`Effect`]) and a line of text; parsing, layering, DescribeConfigs, the page `docs/configs.md` and help
//! derive from it. Everything here is a value or a pure function: files, environment and requests belong to others.
//!
//! Where to start: [`broker`], [`topic`], [`group`] and [`client_metrics`] are the tables; [`BrokerConfig`] puts the
//! layers over each other and gives the typed [`BrokerSettings`] and [`TopicSettings`] that the rest of Ottla reads.

mod allowed;
mod alter;
mod broker_settings;
mod config;
mod consumer_groups;
mod declared;
mod describe;
mod families;
mod invalid;
mod listener;
mod logger;
mod rules;
mod setting;
mod share_groups;
mod streams_groups;
mod table;
mod topic_settings;
mod value;
mod values;

pub use allowed::Allowed;
pub use alter::{
    AlterOp, AlterRefused, alter, check_broker, check_client_metrics, check_group, check_topic,
};
pub use broker_settings::{
    BrokerSettings, CleanerSettings, ConnectionSettings, FetchSettings, GroupSettings,
    InternalTopicSettings, LineSettings, LogSettings, QuorumSettings, Role, Roles,
    TransactionSettings,
};
pub use config::{BrokerConfig, RawSettings};
pub use consumer_groups::{ConsumerGroupSettings, ConsumerGroupTimes};
pub use declared::{broker, client_metrics, group, topic};
pub use describe::{Described, Source, Synonym};
pub use invalid::InvalidValue;
pub use listener::{
    Endpoint, InvalidListeners, Listener, SecurityProtocol, SecurityProtocolMap, parse_advertised,
    parse_listeners,
};
pub use logger::{LOGGERS, Level, ROOT_LOGGER};
pub use setting::{DefaultText, Dynamic, Effect, Kind, Scope, Setting};
pub use share_groups::{
    DeadLetterSettings, ShareCoordinatorSettings, ShareGroupBounds, ShareGroupOwnSettings,
    ShareGroupSettings,
};
pub use streams_groups::{StreamsGroupOwn, StreamsGroupSettings};
pub use table::Table;
pub use topic_settings::{
    CleanupPolicy, Compression, Durability, NullValues, TimestampType, TopicSettings, Validation,
};
pub use value::Value;
