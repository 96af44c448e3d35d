//! What users say: typed, or by the names that Apache Kafka's clients give settings ([`Properties`]).

mod declared;
mod error;
mod nearest;
mod properties;
mod reset;
mod rules;
mod setting;
mod typed;
mod value;

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

pub use crate::backoff::BackoffRange;
pub use error::ConfigError;
pub use properties::Properties;
pub use reset::OffsetReset;
pub use setting::{Allowed, Kind, Role, Setting, Support};
use value::Value;

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerAddress {
    pub host: String,
    pub port: u16,
}

/// A text that is not HOST:PORT.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not HOST:PORT, such as 127.0.0.1:9092")]
pub struct NotAnAddress(String);

impl ServerAddress {
    /// Addresses separated by commas.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, NotAnAddress> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let addresses = parts.map(str::parse).collect::<Result<Vec<Self>, _>>()?;
        if addresses.is_empty() { Err(NotAnAddress(text.to_owned())) } else { Ok(addresses) }
    }
}

impl FromStr for ServerAddress {
    type Err = NotAnAddress;

    /// An IPv6 address stands in brackets.
    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let wrong = || NotAnAddress(text.to_owned());
        let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let host = match bare {
            Some(bare) => bare,
            None if host.contains(':') => return Err(wrong()),
            None => host,
        };
        if host.is_empty() {
            return Err(wrong());
        }
        let port = port.parse().map_err(|_| wrong())?;
        Ok(Self { host: host.to_owned(), port })
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(formatter, "[{}]:{}", self.host, self.port)
        } else {
            write!(formatter, "{}:{}", self.host, self.port)
        }
    }
}

/// What every user of a cluster has to say. The names in parentheses are those of [`Properties`].
#[derive(Clone, Debug)]
pub struct ClientConfig {
    /// Tried in this order until one answers; the others of the cluster are learnt from it (`bootstrap.servers`).
    pub bootstrap: Vec<ServerAddress>,
    /// What the brokers' logs and quotas call this client (`client.id`).
    pub client_id: String,
    /// How long a connection may take to open. Doubles with each failure of the same address
    /// (`socket.connection.setup.timeout.ms`).
    pub connect_timeout: Duration,
    /// What [`Self::connect_timeout`] grows to (`socket.connection.setup.timeout.max.ms`).
    pub connect_timeout_max: Duration,
    /// How long an answer may take; requests that wait on the server get their wait on top (`request.timeout.ms`).
    pub request_timeout: Duration,
    /// How long a call may go on with new attempts (`default.api.timeout.ms`, of a producer `max.block.ms`).
    pub api_timeout: Duration,
    /// Attempts of a call after the first (`retries`).
    pub retries: u32,
    /// Pauses between the attempts of a call (`retry.backoff.ms` to `retry.backoff.max.ms`).
    pub retry_backoff: BackoffRange,
    /// Pauses between attempts to connect (`reconnect.backoff.ms` to `reconnect.backoff.max.ms`).
    pub reconnect_backoff: BackoffRange,
    /// How long a producer believes a count of partitions (`metadata.max.age.ms`).
    pub metadata_age_max: Duration,
    /// How long a connection stays open without a request; `None` for ever (`connections.max.idle.ms`).
    pub idle_max: Option<Duration>,
    /// Bytes of a socket's send buffer; `None` for the system's choice (`send.buffer.bytes`).
    pub send_buffer_size: Option<u32>,
    /// Bytes of a socket's receive buffer; `None` for the system's choice (`receive.buffer.bytes`).
    pub receive_buffer_size: Option<u32>,
    /// Whether [`Self::bootstrap`] is asked again when no known broker answers (`metadata.recovery.strategy`).
    pub rebootstraps: bool,
    /// Whether brokers are told whom they are taken for, and refuse if they are somebody else (KIP-1242,
    /// `metadata.cluster.check.enable`).
    pub checks_cluster: bool,
}

impl ClientConfig {
    /// With the defaults of Apache Kafka's consumer, and `ottla` for a name.
    pub fn new(bootstrap: Vec<ServerAddress>) -> Self {
        Self {
            bootstrap,
            client_id: "ottla".to_owned(),
            connect_timeout: Duration::from_secs(10),
            connect_timeout_max: Duration::from_secs(30),
            request_timeout: Duration::from_secs(30),
            api_timeout: Duration::from_secs(60),
            retries: i32::MAX.unsigned_abs(),
            retry_backoff: BackoffRange::RETRY,
            reconnect_backoff: BackoffRange::RECONNECT,
            metadata_age_max: Duration::from_secs(300),
            idle_max: Some(Duration::from_secs(540)),
            send_buffer_size: Some(128 << 10),
            receive_buffer_size: Some(64 << 10),
            rebootstraps: true,
            checks_cluster: true,
        }
    }
}
