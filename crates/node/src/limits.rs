//! Bounds of starting and stopping.

use std::time::Duration;

/// How long this node's own controller may take for one answer: one write and sync of a small batch. A disk that needs
/// longer is as good as dead.
pub(crate) const QUORUM_ANSWER_WAIT: Duration = Duration::from_secs(30);

/// How long a stopping broker waits for the controller to move its partitions. Kafka retries for longer; a container is
/// killed after ten seconds.
pub(crate) const CONTROLLED_SHUTDOWN_WAIT: Duration = Duration::from_secs(5);

/// Threads that open logs at the start, whatever `num.recovery.threads.per.data.dir` says.
pub(crate) const RECOVERY_THREAD_COUNT_MAX: usize = 64;
