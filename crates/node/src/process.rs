//! The process: from the command line to the last line.

use std::io::Write;
use std::sync::mpsc;
use std::time::Duration;

use crate::signals::StopSignals;
use crate::{Node, NodeError, StartOptions, load, logging};

/// How often it is looked at whether the node can still serve.
const FAILURE_LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// Runs a node until a signal, or until it cannot go on. `Err` is for the exit code 1 and one line.
pub fn run(mut options: StartOptions) -> Result<(), NodeError> {
    let temporary = if options.ephemeral && options.data.is_none() {
        let directory =
            tempfile::Builder::new().prefix("ottla-").tempdir().map_err(NodeError::Temporary)?;
        options.data = Some(directory.path().to_owned());
        Some(directory)
    } else {
        None
    };
    let configuration = load(&options, std::env::vars())?;
    let levels = logging::start(&configuration.config)?;
    for warning in &configuration.warnings {
        tracing::warn!("{warning}");
    }
    let signals = StopSignals::listen().map_err(NodeError::Signals)?;
    let node =
        Node::start(&configuration.config, configuration.cluster_id.as_deref(), Some(levels))?;
    say_ready(&node);
    let failure = wait(&node, signals)?;
    let stopped = node.stop();
    if stopped.is_ok() {
        tracing::info!("stopped");
    }
    // Only now: the node worked in it.
    drop(temporary);
    match failure {
        Some(failure) => Err(NodeError::Failed(failure)),
        None => stopped,
    }
}

/// Until the first signal, or a failure, which is given.
fn wait(node: &Node, signals: StopSignals) -> Result<Option<&'static str>, NodeError> {
    let (told, heard) = mpsc::channel();
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            let signal = signals.wait();
            // Nobody listens any more when the node stops by itself.
            let _ = told.send(signal);
        })
        .map_err(NodeError::Threads)?;
    loop {
        match heard.recv_timeout(FAILURE_LOOK_INTERVAL) {
            Ok(signal) => {
                tracing::info!("stop after {signal}; another one stops at once");
                return Ok(None);
            }
            Err(_) => {
                if let Some(failure) = node.failure() {
                    tracing::error!("{failure}");
                    return Ok(Some(failure));
                }
            }
        }
    }
}

/// The one line that is not a log line: for people, and for scripts that wait for it.
fn say_ready(node: &Node) {
    let list = |items: Vec<String>| items.join(", ");
    let addresses = list(node.addresses().iter().map(ToString::to_string).collect());
    let data = list(node.data().iter().map(|path| path.display().to_string()).collect());
    let http =
        node.http_address().map_or_else(|| "off".to_owned(), |address| format!("http://{address}"));
    let version = env!("CARGO_PKG_VERSION");
    let mut out = std::io::stdout().lock();
    // A closed standard output is no reason not to serve.
    let _ = writeln!(
        out,
        "Ottla {version} is ready: Kafka on {addresses}; metrics on {http}; data in {data}"
    );
    let _ = out.flush();
}
