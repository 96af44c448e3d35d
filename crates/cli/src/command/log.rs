//! Reads files of a data directory: Ottla's and Apache Kafka's are the same. Nothing is changed, no node need run.

mod batches;
mod checkpoints;
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
        /// Files named as in a data directory
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Of segments also the records, not only the batches
        #[arg(long, short = 'r')]
        records: bool,
        /// One JSON document per line
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
    let Action::Dump { files, records, json } = command.action;
    let options = DumpOptions { records, json };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut failed = 0;
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
