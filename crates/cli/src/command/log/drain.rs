//! `ottla log drain`: from a directory that a killed node left to a plain one.

use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::io::{Clock, RealDisk, SystemClock};
use serde_json::json;
use storage::{DrainedDir, drain_log_dir};

use super::written;
use crate::error::{CliError, Result};

/// What every log directory has, Ottla's and Apache Kafka's.
const META_PROPERTIES: &str = "meta.properties";

/// Drains one after the other; the first that cannot be ends the command, those before it stay drained.
pub(super) fn run(directories: &[PathBuf], json: bool) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let clock = SystemClock::new();
    for directory in directories {
        if !directory.join(META_PROPERTIES).is_file() {
            return Err(CliError::NotALogDirectory(directory.clone()));
        }
        // The map's seed is random for each, and so is what it makes of anything.
        let salt = RandomState::new().hash_one(directory);
        let drained = drain_log_dir(Arc::new(RealDisk), directory, salt, clock.wall())
            .map_err(CliError::Drain)?;
        let print = if json { print_json } else { print_text };
        print(&mut out, directory, drained.as_ref()).map_err(written)?;
        out.flush().map_err(written)?;
    }
    Ok(())
}

fn print_text(
    out: &mut dyn Write,
    directory: &Path,
    drained: Option<&DrainedDir>,
) -> io::Result<()> {
    let Some(drained) = drained else {
        return writeln!(out, "{}: nothing to drain", directory.display());
    };
    writeln!(out, "{}: drained, {} partitions", directory.display(), drained.partitions)?;
    drained.notices.iter().try_for_each(|notice| writeln!(out, "  {notice}"))
}

fn print_json(
    out: &mut dyn Write,
    directory: &Path,
    drained: Option<&DrainedDir>,
) -> io::Result<()> {
    let notices = drained.map(|drained| drained.notices.iter().map(ToString::to_string));
    let document = json!({
        "directory": directory.display().to_string(),
        "drained": drained.is_some(),
        "partitions": drained.map(|drained| drained.partitions),
        "notices": notices.into_iter().flatten().collect::<Vec<_>>(),
    });
    writeln!(out, "{document}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_log_directory_is_refused_as_such() {
        let other = tempfile::tempdir().unwrap();
        for path in [other.path().to_path_buf(), other.path().join("missing")] {
            let refused = run(std::slice::from_ref(&path), false);
            assert!(matches!(refused, Err(CliError::NotALogDirectory(named)) if named == path));
        }
    }
}
