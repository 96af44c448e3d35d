use std::sync::Arc;
use std::thread::JoinHandle;

use crate::error::{QuorumError, Result};
use crate::handle::{Quorum, Shared};
use crate::options::QuorumOptions;
use crate::shell::Shell;

/// The running thread. Stop it before the process ends; dropped without, the thread goes on.
pub struct QuorumThread {
    shared: Arc<Shared>,
    thread: JoinHandle<Result<()>>,
}

/// Recovers the metadata log and starts the thread. When it returns, this node is the active controller, and the
/// image holds everything that was committed before.
///
/// `on_failure` is called by the thread if it cannot go on: the disk failed, or the log contradicts itself. Nothing
/// is committed from then on.
pub fn start(
    options: QuorumOptions,
    on_failure: impl FnOnce(&QuorumError) + Send + 'static,
) -> Result<(Quorum, QuorumThread)> {
    let quorum = Quorum::new();
    let shared = Arc::clone(&quorum.0);
    let shell = Shell::start(Arc::clone(&shared), options)?;
    let run = move || {
        let result = shell.run();
        if let Err(error) = &result {
            on_failure(error);
        }
        result
    };
    let builder = std::thread::Builder::new().name("quorum".to_owned());
    let thread = builder.spawn(run).map_err(QuorumError::Thread)?;
    Ok((quorum, QuorumThread { shared, thread }))
}

impl QuorumThread {
    /// Lets no further request in, syncs what was decided, and waits for the thread to end.
    pub fn stop(self) -> Result<()> {
        self.shared.close();
        self.thread
            .join()
            .map_err(|_| QuorumError::Log("the thread of the metadata quorum broke".to_owned()))?
    }
}
