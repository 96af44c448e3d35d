//! Which cluster a command talks to.

use std::time::Duration;

use client::{Client, ClientConfig, ServerAddress};

use crate::error::Result;
use crate::limits::ATTEMPTS_TIME_MAX;
use crate::output::Format;

/// Options of every client command.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ClusterArguments {
    /// Brokers to ask first, separated by commas
    #[arg(
        long,
        alias = "bootstrap-server",
        global = true,
        value_name = "HOST:PORT,…",
        default_value = "127.0.0.1:9092"
    )]
    pub(crate) bootstrap: String,
    /// How results are printed
    #[arg(long, global = true, value_enum, default_value_t)]
    pub(crate) output: Format,
    /// Seconds to wait for a broker's answer
    #[arg(
        long,
        global = true,
        value_name = "SECONDS",
        default_value_t = 30,
        hide_short_help = true
    )]
    pub(crate) timeout: u64,
}

impl ClusterArguments {
    pub(crate) fn config(&self) -> Result<ClientConfig> {
        let mut config = ClientConfig::new(ServerAddress::parse_list(&self.bootstrap)?);
        config.client_id = "ottla-cli".to_owned();
        config.request_timeout = Duration::from_secs(self.timeout.max(1));
        config.connect_timeout = config.request_timeout.min(Duration::from_secs(10));
        config.connect_timeout_max = config.connect_timeout;
        config.api_timeout = ATTEMPTS_TIME_MAX;
        // Large answers come in faster than with Kafka's small buffers.
        config.send_buffer_size = None;
        config.receive_buffer_size = None;
        Ok(config)
    }

    pub(crate) async fn connect(&self) -> Result<Client> {
        Ok(Client::connect(self.config()?).await?)
    }
}
