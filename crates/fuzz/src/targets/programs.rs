//! What the programs read of files: settings, and everything that `ottla log dump` shows.
#![allow(clippy::unwrap_used, reason = "a file that cannot be made is no finding")]

use std::fmt::Write;
use std::path::PathBuf;

use model::SeededRandom;
use node::StartOptions;
use tempfile::TempDir;

use super::{batches, files, groups, metadata_log};
use crate::mutate::size;
use crate::seeds::{choice, mend_batches, prefix};
use crate::target::Verdict;

thread_local! {
    static DIR: TempDir = tempfile::tempdir().unwrap();
}

fn file_in_own_dir(name: &str, content: &[u8]) -> PathBuf {
    DIR.with(|dir| {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    })
}

/// A `server.properties`.
pub(super) fn properties_seed(random: &mut SeededRandom) -> Vec<u8> {
    let lines = [
        "node.id=1",
        "# a comment",
        "log.dirs=/tmp/a, /tmp/b",
        "num.partitions : 3",
        "log.retention.hours\t=\t168",
        "message.max.bytes = 1000000",
        "process.roles=broker,controller",
        "controller.quorum.voters=1@localhost:9093",
        "log.segment.bytes=\\\n   1000000",
        "unknown.setting=a\\u00e9\\=b",
        "ottla.durability=os",
    ];
    let mut text = String::from(
        "process.roles=broker,controller\nlisteners=PLAINTEXT://:9092,CONTROLLER://localhost:9093\n\
         controller.listener.names=CONTROLLER\n",
    );
    for _ in 0..random.below(8) {
        let line = lines.get(size(random.below(lines.len() as u64))).copied().unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{line}");
    }
    text.into_bytes()
}

pub(super) fn properties(input: &[u8]) -> Verdict {
    let config = Some(file_in_own_dir("server.properties", input));
    let loaded = node::load(&StartOptions { config, ..StartOptions::default() }, []);
    if let Err(error) = &loaded {
        assert!(!error.to_string().is_empty(), "an error without words");
    }
    Verdict::of(&loaded)
}

/// Kinds of files by their names.
const NAMES: [&str; 12] = [
    "t-0/00000000000000000000.log",
    "__cluster_metadata-0/00000000000000000000.log",
    "__cluster_metadata-0/00000000000000000007-0000000001.checkpoint",
    "__consumer_offsets-0/00000000000000000000.log",
    "__transaction_state-0/00000000000000000000.log",
    "t-0/00000000000000000000.index",
    "t-0/00000000000000000000.timeindex",
    "t-0/00000000000000000000.txnindex",
    "t-0/00000000000000000000.snapshot",
    "t-0/leader-epoch-checkpoint",
    "recovery-point-offset-checkpoint",
    "meta.properties",
];

/// Which kind, how to show it, and the content.
pub(super) fn dump_seed(random: &mut SeededRandom) -> Vec<u8> {
    let kind = size(random.below(NAMES.len() as u64));
    let content = match kind {
        0 => batches::seed(random),
        1 | 2 => record_batch(&[(None, metadata_log::record_seed(random))]),
        3 | 4 => record_batch(&groups::pairs(random)),
        5..=7 => {
            // Entries of each index begin with what ascends.
            let width = [8, 12, 34].get(kind - 5).copied().unwrap_or(8);
            let mut bytes = vec![0; width * 3];
            bytes.chunks_mut(width).zip(1..).for_each(|(entry, number)| entry[3] = number);
            bytes
        }
        8 => files::producer_snapshot_seed(random),
        9 => files::epochs_seed(random),
        10 => files::offsets_seed(random),
        _ => files::meta_properties_seed(random),
    };
    [&prefix(kind)[..], &prefix(size(random.below(4))), &content].concat()
}

fn record_batch(records: &[(Option<Vec<u8>>, Vec<u8>)]) -> Vec<u8> {
    let mut builder = record::BatchBuilder::new();
    for (key, value) in records {
        let _ = builder.append(None, key.as_deref(), Some(value), &[]);
    }
    let batch = builder.finish(&record::BatchStamp::default(), &mut record::Compressor::new());
    batch.map_or_else(|_| Vec::new(), |batch| batch.to_vec())
}

pub(super) fn mend_dump(input: &mut [u8]) {
    match choice(input, NAMES.len()) {
        Some((0..=4, _)) if input.len() > 4 => mend_batches(&mut input[4..]),
        Some((8, _)) if input.len() > 4 => files::mend_producer_snapshot(&mut input[4..]),
        _ => {}
    }
}

pub(super) fn dump(input: &[u8]) -> Verdict {
    let Some((kind, rest)) = choice(input, NAMES.len()) else { return Verdict::Refused };
    let Some((how, content)) = choice(rest, 4) else { return Verdict::Refused };
    let Some(name) = NAMES.get(kind) else { return Verdict::Refused };
    let file = file_in_own_dir(name, content);
    match cli::dump_file(&file, how & 1 == 1, how & 2 == 2, &mut std::io::sink()) {
        Some(true) => Verdict::Taken,
        Some(false) | None => Verdict::Refused,
    }
}
