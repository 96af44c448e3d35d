//! Works on the files of a data directory while no node runs: Ottla's and Apache Kafka's are the same. Only `drain` changes
//! something.

mod batches;
mod checkpoints;
mod drain;
mod indexes;
mod metadata;

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::{CliError, Result};

#[derive(Clone, Debug, clap::Args)]
pub struct LogCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Action {
    /// Print what segments, indexes, snapshots, checkpoints and the metadata log hold
    Dump {
        /// Files named as in a data directory, or folders of partitions: all of theirs. What a running node has not yet moved
        /// out of its write-ahead log is missing
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Of segments also the records, not only the batches
        #[arg(long, short = 'r')]
        records: bool,
        /// One JSON document per line
        #[arg(long)]
        json: bool,
    },
    /// Make plain Kafka directories of ones that a killed node left, so that Apache Kafka can open them. The node's next start
    /// does the same by itself
    Drain {
        /// Log directories, as `log.dirs` names them. No node may run on them
        #[arg(required = true)]
        directories: Vec<PathBuf>,
        /// One JSON document per directory
        #[arg(long)]
        json: bool,
    },
}

/// What is printed of batches and their records.
#[derive(Clone, Copy, Debug)]
struct DumpOptions {
    records: bool,
    json: bool,
}

/// What a file holds, by its name and its folder's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Segment(Topic),
    OffsetIndex,
    TimeIndex,
    TransactionIndex,
    ProducerSnapshot,
    LeaderEpochs,
    Offsets,
    PartitionMetadata,
    MetaProperties,
}

/// Topics whose records can be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Topic {
    Metadata,
    Offsets,
    Transactions,
    Other,
}

pub(crate) fn run(command: LogCommand) -> Result<()> {
    match command.action {
        Action::Dump { files, records, json } => dump_all(files, DumpOptions { records, json }),
        Action::Drain { directories, json } => drain::run(&directories, json),
    }
}

/// Writes what `log dump` shows of one file. Whether all of it could be read; `None` when it is of no kind that can be, or
/// the file or `out` failed.
pub fn dump_file(file: &Path, records: bool, json: bool, out: &mut impl Write) -> Option<bool> {
    dump(file, kind_of(file)?, DumpOptions { records, json }, out).ok()
}

fn dump_all(files: Vec<PathBuf>, options: DumpOptions) -> Result<()> {
    let json = options.json;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut failed = 0;
    let files = with_contents(files)?;
    for (index, file) in files.iter().enumerate() {
        let kind = kind_of(file).ok_or_else(|| CliError::UnknownFile(file.clone()))?;
        if !json {
            let gap = if index > 0 { "\n" } else { "" };
            writeln!(out, "{gap}Dumping {}", file.display()).map_err(written)?;
        }
        if !dump(file, kind, options, &mut out)? {
            failed += 1;
        }
    }
    out.flush().map_err(written)?;
    if failed > 0 { Err(CliError::DamagedFiles { failed, total: files.len() }) } else { Ok(()) }
}

/// Folders replaced by the files in them that can be read, in the order of their names.
fn with_contents(paths: Vec<PathBuf>) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path);
            continue;
        }
        let failed = |source| CliError::File { path: path.clone(), source };
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&path).map_err(failed)? {
            let file = entry.map_err(failed)?.path();
            if file.is_file() && kind_of(&file).is_some() {
                found.push(file);
            }
        }
        if found.is_empty() {
            return Err(CliError::UnknownFile(path));
        }
        found.sort();
        files.append(&mut found);
    }
    Ok(files)
}

fn written(source: io::Error) -> CliError {
    CliError::io("write to standard output", source)
}

/// Whether the file could be read wholly; what is wrong was printed at its place.
fn dump(file: &Path, kind: Kind, options: DumpOptions, out: &mut impl Write) -> Result<bool> {
    if let Kind::Segment(topic) = kind {
        return batches::dump(file, topic, options, out);
    }
    let read = |source| CliError::File { path: file.to_owned(), source };
    let bytes = std::fs::read(file).map_err(read)?;
    let base = base_offset(file);
    let result = match kind {
        Kind::OffsetIndex => indexes::offsets(&bytes, base, options.json, out),
        Kind::TimeIndex => indexes::times(&bytes, base, options.json, out),
        Kind::TransactionIndex => indexes::transactions(&bytes, options.json, out),
        _ => checkpoints::dump(kind, &bytes, options.json, out),
    };
    result.map_err(written)
}

fn kind_of(file: &Path) -> Option<Kind> {
    let name = file.file_name()?.to_str()?;
    // A deleted file keeps its form until it goes.
    let name = name.strip_suffix(".deleted").unwrap_or(name);
    Some(match name {
        "leader-epoch-checkpoint" => Kind::LeaderEpochs,
        "recovery-point-offset-checkpoint"
        | "replication-offset-checkpoint"
        | "log-start-offset-checkpoint"
        | "cleaner-offset-checkpoint" => Kind::Offsets,
        "partition.metadata" => Kind::PartitionMetadata,
        "meta.properties" => Kind::MetaProperties,
        _ => match name.rsplit_once('.')?.1 {
            "log" => Kind::Segment(topic_of(file)),
            "checkpoint" => Kind::Segment(Topic::Metadata),
            "index" => Kind::OffsetIndex,
            "timeindex" => Kind::TimeIndex,
            "txnindex" => Kind::TransactionIndex,
            "snapshot" => Kind::ProducerSnapshot,
            _ => return None,
        },
    })
}

/// By the folder's name, `TOPIC-PARTITION`.
fn topic_of(file: &Path) -> Topic {
    let whole = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let folder = whole.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    match folder.and_then(|folder| folder.rsplit_once('-')).map(|(topic, _)| topic) {
        Some("__cluster_metadata") => Topic::Metadata,
        Some("__consumer_offsets") => Topic::Offsets,
        Some("__transaction_state") => Topic::Transactions,
        _ => Topic::Other,
    }
}

/// The offset that a file of a segment is named by; 0 if it is none.
fn base_offset(file: &Path) -> i64 {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.split('.').next().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_stands_for_its_files_that_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        for name in ["00000000000000000007.log", "00000000000000000000.log", "notes.txt"] {
            std::fs::write(file(name), b"").unwrap();
        }
        let files = with_contents(vec![folder.path().to_owned(), file("x.log")]).unwrap();
        let names = ["00000000000000000000.log", "00000000000000000007.log", "x.log"];
        assert_eq!(files, names.map(file));
        let empty = tempfile::tempdir().unwrap();
        let refused = with_contents(vec![empty.path().to_owned()]);
        assert!(matches!(refused, Err(CliError::UnknownFile(_))));
    }

    #[test]
    fn files_are_known_by_their_names_and_folders() {
        let kind = |path: &str| kind_of(Path::new(path));
        let segment = "00000000000000000000.log";
        assert_eq!(kind(&format!("/d/t-0/{segment}")), Some(Kind::Segment(Topic::Other)));
        assert_eq!(
            kind(&format!("/d/__cluster_metadata-0/{segment}")),
            Some(Kind::Segment(Topic::Metadata))
        );
        assert_eq!(
            kind(&format!("/d/__consumer_offsets-12/{segment}")),
            Some(Kind::Segment(Topic::Offsets))
        );
        assert_eq!(
            kind("/d/x/00000000000000000005-0000000001.checkpoint"),
            Some(Kind::Segment(Topic::Metadata))
        );
        assert_eq!(kind("/d/t-0/00000000000000000000.timeindex"), Some(Kind::TimeIndex));
        assert_eq!(kind("/d/t-0/leader-epoch-checkpoint"), Some(Kind::LeaderEpochs));
        assert_eq!(kind("/d/t-0/x.txt"), None);
        assert_eq!(base_offset(Path::new("/d/t-0/00000000000000000042.index")), 42);
    }
}
