use std::collections::VecDeque;
use std::path::Path;

use metadata::{FeatureRange, Image, MetadataRecord};
use model::{Offset, Timestamp};
use raft::{LogView, Recovered, SnapshotId, VoterSet};

use crate::batch::{Content, Control, LogBatch};
use crate::error::{Doing, QuorumError, Result};
use crate::format::{BOOTSTRAP, METADATA_DIR};
use crate::metadata_log::{MetadataLog, OpenSettings};
use crate::options::QuorumOptions;
use crate::segments;
use crate::snapshot_file;
use crate::state_file::StateFile;

/// What a clean stop of Apache Kafka, or of the broker, leaves in the log directory, last of all.
const CLEAN_SHUTDOWN_FILE: &str = ".kafka_cleanshutdown";

/// Everything that a start finds on disk.
pub(crate) struct Found {
    pub(crate) log: MetadataLog,
    pub(crate) state_file: StateFile,
    pub(crate) raft: Recovered,
    /// From the newest snapshot.
    pub(crate) image: Image,
    /// Batches behind it, not known to be committed.
    pub(crate) pending: VecDeque<LogBatch>,
    /// Their bytes.
    pub(crate) pending_bytes: u64,
    /// The records that formatting left, to be written into an empty log.
    pub(crate) bootstrap: Vec<MetadataRecord>,
    pub(crate) kraft_version: i16,
    pub(crate) newest: Option<Timestamp>,
}

/// Reads the metadata directory: the newest snapshot, then the log behind it. Cuts a torn end.
pub(crate) fn recover(options: &QuorumOptions) -> Result<Found> {
    let dir = options.log_dir.join(METADATA_DIR);
    let disk = options.disk.as_ref();
    if !disk.is_dir(&dir).doing("look for", &dir)? {
        return Err(QuorumError::NotFormatted(dir));
    }
    snapshot_file::remove_parts(disk, &dir)?;
    let newest = snapshot_file::list(disk, &dir)?.pop();
    if newest.is_none() && segments::list(disk, &dir)?.is_empty() {
        return Err(QuorumError::NotFormatted(dir));
    }
    let snapshot = newest.map(|id| snapshot_file::read(disk, &dir, id)).transpose()?;
    let mut kraft_version = snapshot.as_ref().map_or(0, |snapshot| snapshot.kraft_version);
    let mut voters = snapshot.as_ref().and_then(|snapshot| snapshot.voters.clone());
    let mut voters_in_log = newest.is_some_and(|id| id != BOOTSTRAP) && voters.is_some();
    let (image, bootstrap) = match snapshot {
        Some(snapshot) if snapshot.id != BOOTSTRAP => {
            (image_of(snapshot.id.end, &snapshot.records)?, Vec::new())
        }
        Some(snapshot) => (Image::default(), snapshot.records),
        None => (Image::default(), Vec::new()),
    };
    // The broker takes it away later in the start, when it opens its logs.
    let closed = options.log_dir.join(CLEAN_SHUTDOWN_FILE);
    let settings = OpenSettings {
        segment_size_max: options.log.segment_bytes,
        closed_in_order: disk.file_size(&closed).doing("look for", &closed)?.is_some(),
    };
    let disk = options.disk.clone();
    let (log, opened) = MetadataLog::open(disk, &dir, image.end(), settings)?;
    if newest.is_none() && opened.epochs.is_empty() {
        return Err(QuorumError::NotFormatted(dir));
    }
    if opened.torn_bytes > 0 {
        let bytes = opened.torn_bytes;
        tracing::info!(bytes, end = %opened.end, "cut torn end of metadata log");
    }
    for batch in &opened.batches {
        let Content::Control(records) = &batch.content else { continue };
        for record in records {
            match record {
                Control::KRaftVersion(version) => kraft_version = *version,
                Control::Voters(in_log) => {
                    voters = Some(in_log.clone());
                    voters_in_log = true;
                }
                _ => {}
            }
        }
    }
    check_features(options, &dir, &image, &opened.batches, &bootstrap)?;
    let voters = check_voters(options, voters)?;
    let voter_ids = voters.iter().map(|voter| voter.key.id.to_wire()).collect();
    let state_file = StateFile::new(&dir, kraft_version, voter_ids);
    let state = state_file.read(options.disk.as_ref())?;
    let newest_time = opened.batches.iter().rev().find_map(|batch| batch.timestamp);
    let voters_in_log = voters_in_log || kraft_version == 0;
    let view = view_of(newest, opened.start, &opened.epochs);
    Ok(Found {
        log,
        state_file,
        raft: Recovered { state, log: view, voters, voters_in_log },
        image,
        pending: opened.batches.into(),
        pending_bytes: opened.batch_bytes,
        bootstrap,
        kraft_version,
        newest: newest_time,
    })
}

/// The image that a snapshot holds.
fn image_of(end: Offset, records: &[MetadataRecord]) -> Result<Image> {
    let mut image = Image::default();
    for record in records {
        image.replay(record).map_err(|error| QuorumError::Log(error.to_string()))?;
    }
    image.advance_to(end);
    Ok(image)
}

fn view_of(
    snapshot: Option<SnapshotId>,
    start: Offset,
    epochs: &[(model::LeaderEpoch, Offset)],
) -> LogView {
    let mut view = LogView::new(snapshot).starting_at(start);
    for (epoch, end) in epochs {
        view.append(*epoch, *end);
    }
    view
}

/// Nothing may be written where a feature stands at a level that this program does not know.
fn check_features(
    options: &QuorumOptions,
    dir: &Path,
    image: &Image,
    batches: &[LogBatch],
    bootstrap: &[MetadataRecord],
) -> Result<()> {
    let in_log = batches.iter().flat_map(|batch| match &batch.content {
        Content::Metadata(records) => records.as_slice(),
        Content::Control(_) => &[],
    });
    let mut levels = image.features().clone();
    for record in bootstrap.iter().chain(in_log) {
        if let MetadataRecord::FeatureLevel { name, level } = record {
            levels.insert(name.clone(), *level);
        }
    }
    for (name, level) in levels {
        let FeatureRange { min, max } =
            options.features.get(&name).copied().unwrap_or(FeatureRange { min: 0, max: 0 });
        if level == 0 || (min..=max).contains(&level) {
            continue;
        }
        let command = if level > max {
            format!("downgrade --feature {name}={max}")
        } else {
            format!("upgrade --feature {name}={min}")
        };
        return Err(QuorumError::Feature { dir: dir.to_owned(), name, level, min, max, command });
    }
    Ok(())
}

/// The voters from the log, or from the settings; this node must be the only one.
fn check_voters(options: &QuorumOptions, in_log: Option<VoterSet>) -> Result<VoterSet> {
    let voters = in_log.or_else(|| options.static_voters.clone()).unwrap_or_default();
    if voters.is_only(&options.own) {
        return Ok(voters);
    }
    let keys: Vec<String> = voters.iter().map(|voter| voter.key.to_string()).collect();
    let (own, all) = (options.own, keys.join(", "));
    Err(QuorumError::NotSingleVoter(format!("this is {own}, the voters are [{all}]")))
}

/// Where the metadata log lies.
pub(crate) fn metadata_dir(log_dir: &Path) -> std::path::PathBuf {
    log_dir.join(METADATA_DIR)
}
