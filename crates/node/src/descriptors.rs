//! How many files and sockets the process may have open, and how many of them are for what.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use storage::limits::OPEN_FILES_MAX;

/// Below this the start says that the limit is low: it is what a login shell has, and Kafka's documentation asks for a
/// hundred times as many.
const LOW: usize = 4_096;

/// Who may have how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Descriptors {
    /// Files that each log directory keeps open; a quarter more wait for their sync.
    pub(crate) files_per_dir: usize,
    /// Connections of clients. More wait until others leave: a client that opens thousands must not keep the log from opening
    /// its files, which would take the directory offline.
    pub(crate) connections: usize,
}

/// For a node with `dirs` log directories. The soft limit is raised as far as the process may, as the Java VM does.
pub(crate) fn descriptors(dirs: usize) -> Descriptors {
    let limit = raise_limit();
    if limit < LOW {
        tracing::warn!(limit, "few files may be open; raise the limit (ulimit -n, LimitNOFILE)");
    }
    share(limit, dirs)
}

fn raise_limit() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let current = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    current.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX))
}

/// A quarter for the files of the logs, an eighth for all that is opened for a moment, the rest for connections.
fn share(limit: usize, dirs: usize) -> Descriptors {
    let dirs = dirs.max(1);
    let files_per_dir = OPEN_FILES_MAX.min(limit / 4 / dirs);
    let files = dirs * (files_per_dir + files_per_dir / 4);
    Descriptors { files_per_dir, connections: limit - files - limit / 8 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_connections_and_the_rest_fit_in_the_limit() {
        assert_eq!(share(1_024, 1), Descriptors { files_per_dir: 256, connections: 576 });
        assert_eq!(share(1_024, 4), Descriptors { files_per_dir: 64, connections: 576 });
        assert_eq!(share(100_000, 2), Descriptors { files_per_dir: 1_024, connections: 84_940 });
        assert!(share(usize::MAX, 1).connections > 1 << 31);
        assert_eq!(share(0, 1), Descriptors { files_per_dir: 0, connections: 0 });
    }
}
