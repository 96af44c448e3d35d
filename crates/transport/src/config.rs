use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use crate::limits;

/// What an operator decides about connections. Kafka's defaults.
#[derive(Clone, Debug)]
pub struct Config {
    /// `socket.request.max.bytes`: a frame that declares more closes its connection.
    pub request_size_max: usize,
    /// `connections.max.idle.ms`: a connection on which nothing moved for so long is closed.
    pub idle_max: Duration,
    /// How long an answer may wait for a socket that takes nothing before the connection is closed.
    pub send_stall_max: Duration,
    /// `max.connections`: at so many, new ones wait in the backlog until others leave.
    pub connection_count_max: usize,
    /// `max.connections.per.ip`: one more from the same address is closed at once.
    pub connection_count_per_ip_max: usize,
    /// `max.connections.per.ip.overrides`.
    pub per_ip_overrides: BTreeMap<IpAddr, usize>,
    /// `max.connection.creation.rate`: more in a second wait in the backlog.
    pub connection_rate_max: u32,
    /// `socket.send.buffer.bytes`; `None` leaves it to the kernel, which then tunes it by itself.
    pub send_buffer_size: Option<usize>,
    /// `socket.receive.buffer.bytes`; `None` as above.
    pub receive_buffer_size: Option<usize>,
    /// `socket.listen.backlog.size`.
    pub backlog: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            request_size_max: 104_857_600,
            idle_max: Duration::from_secs(600),
            send_stall_max: Duration::from_secs(60),
            connection_count_max: i32::MAX as usize,
            connection_count_per_ip_max: i32::MAX as usize,
            per_ip_overrides: BTreeMap::new(),
            connection_rate_max: u32::MAX,
            send_buffer_size: None,
            receive_buffer_size: None,
            backlog: limits::BACKLOG_COUNT,
        }
    }
}

impl Config {
    pub(crate) fn per_ip_max(&self, ip: IpAddr) -> usize {
        self.per_ip_overrides.get(&ip).copied().unwrap_or(self.connection_count_per_ip_max)
    }
}
