use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use io::SettableClock;
use tempfile::TempDir;

use crate::{Node, NodeError, StartOptions, load};

/// The controller must not take the broker for dead when the clock is moved on.
const SESSION: (&str, &str) = ("broker.session.timeout.ms", "2147483647");

/// A whole node within this process, for tests: Kafka on a free port of 127.0.0.1 within milliseconds, in a directory that
/// goes when it is dropped.
///
/// Acknowledgements do not wait for the disk (`ottla.durability=os`), no setting is read from the environment, and nothing is
/// logged but through the `tracing` subscriber of this process, if it has one. Several may run at a time.
///
/// ```
/// let broker = node::Embedded::start()?;
/// let bootstrap = broker.bootstrap_servers();
/// assert!(bootstrap.starts_with("127.0.0.1:"));
/// // Clients connect to it; a day later:
/// broker.advance(std::time::Duration::from_secs(24 * 3600));
/// # Ok::<(), node::NodeError>(())
/// ```
pub struct Embedded {
    /// Until it is stopped.
    node: Option<Node>,
    clock: SettableClock,
    data: PathBuf,
    /// `None` where the caller chose the directory.
    _temporary: Option<TempDir>,
}

impl Embedded {
    /// A new and empty node with default settings. Blocks for some milliseconds.
    pub fn start() -> Result<Self, NodeError> {
        Self::builder().start()
    }

    /// For other settings.
    pub fn builder() -> EmbeddedBuilder {
        EmbeddedBuilder::default()
    }

    /// `HOST:PORT`, as `bootstrap.servers` of every client takes it.
    pub fn bootstrap_servers(&self) -> String {
        let addresses = self.node.iter().flat_map(Node::addresses);
        addresses.map(ToString::to_string).collect::<Vec<_>>().join(",")
    }

    /// `HOST:PORT` of metrics and health.
    pub fn http_address(&self) -> Option<String> {
        self.node.as_ref()?.http_address().map(|address| address.to_string())
    }

    /// Where the data lies.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Moves the node's clocks on, in no time: sessions and transactions time out, records grow old. What is due thereby is
    /// carried out soon after the return: time-outs within some milliseconds, retention within a second. Clients keep their own
    /// time: members of groups that send no heartbeat meanwhile are put out, and records are as young as their producers say, unless
    /// `message.timestamp.type=LogAppendTime` has the node say it.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Stops in order, as dropping does, and says whether the data were left as a clean stop leaves them. Blocks.
    pub fn stop(mut self) -> Result<(), NodeError> {
        self.node.take().map_or(Ok(()), Node::stop)
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.node.take().map(Node::stop) {
            tracing::warn!(%error, "stop the embedded node");
        }
    }
}

/// What an [`Embedded`] starts with.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct EmbeddedBuilder {
    settings: Vec<(String, String)>,
    data: Option<PathBuf>,
}

impl EmbeddedBuilder {
    /// A setting of the broker by Kafka's name, such as `num.partitions`. The last value of a name counts. A wrong value is an
    /// error of [`Self::start`], a name that no setting has a line of the log.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A directory that stays: what it holds is found again by the next node there.
    pub fn data(mut self, directory: impl Into<PathBuf>) -> Self {
        self.data = Some(directory.into());
        self
    }

    /// Starts the node. When it returns, clients are served. Blocks for some milliseconds, or as long as the recovery of
    /// [`Self::data`] takes.
    pub fn start(self) -> Result<Embedded, NodeError> {
        let (data, temporary) = match self.data {
            Some(data) => (data, None),
            None => {
                let made = tempfile::Builder::new().prefix("ottla-").tempdir();
                let made = made.map_err(NodeError::Temporary)?;
                (made.path().to_owned(), Some(made))
            }
        };
        let (name, value) = SESSION;
        let session = std::iter::once(format!("{name}={value}"));
        let settings = self.settings.iter().map(|(name, value)| format!("{name}={value}"));
        let options = StartOptions {
            data: Some(data.clone()),
            set: session.chain(settings).collect(),
            ephemeral: true,
            ..StartOptions::default()
        };
        let configuration = load(&options, [])?;
        for warning in &configuration.warnings {
            tracing::warn!("{warning}");
        }
        let clock = SettableClock::default();
        let node =
            Node::start_by_clock(&configuration.config, None, None, Arc::new(clock.clone()))?;
        Ok(Embedded { node: Some(node), clock, data, _temporary: temporary })
    }
}
