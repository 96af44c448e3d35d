//! A whole log directory: made by the real storage, damaged, opened again and read to its end.

mod damages;
mod recipes;
mod world;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use model::{Offset, SeededRandom, TopicPartition};
use record::{Batches, crc32c};
use storage::{Opened, PartitionLog, ReadPlan, Resolved, StorageError};

pub(super) use self::damages::{Damage, Damaged};
use self::recipes::{Image, images};
use self::world::World;
use crate::mutate::size;
use crate::seeds::{choice, mend_batches, prefix};
use crate::target::Verdict;

/// Bytes of one fetch: small, so that many begin in the middle.
const FETCH_SIZE: u32 = 3_000;

/// Which directory, which of its files, and the content that it gets.
pub(super) fn file_seed(random: &mut SeededRandom) -> Vec<u8> {
    let recipe = size(random.below(images().len() as u64));
    let Some(image) = images().get(recipe) else { return Vec::new() };
    let file = size(random.below(image.files.len() as u64));
    let content = image.files.values().nth(file).map_or(&[][..], Vec::as_slice);
    [&prefix(recipe)[..], &prefix(file), content].concat()
}

/// Puts the checksums right that the file's kind has.
pub(super) fn mend_file(input: &mut [u8]) {
    let Some((_, image, path)) = image_and_file(input) else { return };
    let content = &mut input[4..];
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if name.ends_with(".log") {
        mend_batches(content);
    } else if name.ends_with(".snapshot") {
        super::files::mend_producer_snapshot(content);
    } else if name == "ottla.checkpoint" {
        if let Some((head, rest)) = content.split_at_mut_checked(12) {
            head[8..].copy_from_slice(&crc32c(rest).to_be_bytes());
        }
    } else if ["partitions", "salt", "ottla.producers"].contains(&name) {
        if let Some((rest, crc)) = content.split_last_chunk_mut::<4>() {
            *crc = crc32c(rest).to_be_bytes();
        }
    } else if name.starts_with("ottla.wal.") {
        damages::mend_wal(content, image.salt());
    }
}

fn image_and_file(input: &[u8]) -> Option<(usize, &'static Image, &'static PathBuf)> {
    let (recipe, rest) = choice(input, images().len())?;
    let image = images().get(recipe)?;
    let (file, _) = choice(rest, image.files.len())?;
    Some((recipe, image, image.files.keys().nth(file)?))
}

/// One file has the content that the input says; all else is as it was.
pub(super) fn one_file(input: &[u8]) -> Verdict {
    let Some((_, image, path)) = image_and_file(input) else { return Verdict::Refused };
    let mut files = image.files.clone();
    files.insert(path.clone(), input[4..].to_vec());
    let seen = look(image, &files);
    if seen.is_whole { Verdict::Taken } else { Verdict::Refused }
}

pub(super) fn garbage_seed(random: &mut SeededRandom) -> Vec<u8> {
    let mut script = first_line(random);
    for _ in 0..random.below(4) {
        script.extend(Damage::random(random).to_bytes());
    }
    script
}

/// The first record of a script names the directory.
fn first_line(random: &mut SeededRandom) -> Vec<u8> {
    let mut line = [0; damages::SIZE];
    line[..2].copy_from_slice(&prefix(size(random.below(images().len() as u64))));
    line.to_vec()
}

/// Anything at all is done to the files.
pub(super) fn garbage(input: &[u8]) -> Verdict {
    let Some((recipe, _)) = choice(input, images().len()) else { return Verdict::Refused };
    let Some(image) = images().get(recipe) else { return Verdict::Refused };
    let mut damaged = Damaged::new(image);
    for bytes in input.chunks_exact(damages::SIZE).skip(1) {
        damaged.apply(Damage::from_bytes(bytes));
    }
    let seen = look(image, &damaged.files);
    if seen.is_whole { Verdict::Taken } else { Verdict::Refused }
}

pub(super) fn rot_seed(random: &mut SeededRandom) -> Vec<u8> {
    let mut script = first_line(random);
    script.extend(Damage::rot(random).to_bytes());
    script
}

/// One place of one file is not what was written: every acknowledged batch is still there, or something is named that
/// says why not, and nothing else is served.
pub(super) fn rot(input: &[u8]) -> Verdict {
    let Some((recipe, _)) = choice(input, images().len()) else { return Verdict::Refused };
    let Some(image) = images().get(recipe) else { return Verdict::Refused };
    let mut damaged = Damaged::new(image);
    let mut lines = input.chunks_exact(damages::SIZE).skip(1);
    let place = lines.next().and_then(|line| damaged.apply_rot(Damage::from_bytes(line)));
    let seen = look(image, &damaged.files);
    let Some(place) = place else { return Verdict::Taken };
    for (name, acknowledged) in &image.acknowledged {
        let served = seen.served.get(name);
        for (base, bytes) in acknowledged {
            let found = served.and_then(|served| served.get(base));
            let Some(found) = found else {
                assert!(
                    seen.reports(name) || image.may_be_gone(name, *base, &place),
                    "{name} lost the batch at {base} without a word after {place:?}: {:?}",
                    seen.words
                );
                continue;
            };
            assert!(same(found, bytes), "{name} serves rot at {base} after {place:?}");
        }
        let is_foreign = |base: &&Offset| !acknowledged.contains_key(base);
        let foreign = served.and_then(|served| served.keys().find(is_foreign));
        assert!(
            foreign.is_none() || image.is_unsynced_offset(name, &place),
            "{name} serves what was never written after {place:?}: {foreign:?}"
        );
    }
    if seen.is_whole { Verdict::Taken } else { Verdict::Refused }
}

/// The leader epoch is under no checksum.
fn same(found: &[u8], written: &[u8]) -> bool {
    let parts =
        |bytes: &[u8]| (bytes.get(..12).map(<[u8]>::to_vec), bytes.get(16..).map(<[u8]>::to_vec));
    parts(found) == parts(written)
}

/// What an opening and a reading of everything gave.
#[derive(Default)]
struct Seen {
    served: BTreeMap<TopicPartition, BTreeMap<Offset, Vec<u8>>>,
    /// Errors and notices, as an operator reads them.
    words: Vec<String>,
    /// Partitions of which something was said; all when `None`.
    reported: Option<Vec<TopicPartition>>,
    is_whole: bool,
}

impl Seen {
    fn reports(&self, name: &TopicPartition) -> bool {
        match &self.reported {
            None => true,
            Some(names) => names.contains(name),
        }
    }
}

/// Opens, reads, goes on, closes, and opens again.
fn look(image: &Image, files: &BTreeMap<PathBuf, Vec<u8>>) -> Seen {
    let world = World::of(image, files);
    let mut seen = Seen { reported: Some(Vec::new()), ..Seen::default() };
    let opened = match world.open() {
        Ok(opened) => opened,
        Err(error) => {
            seen.words.push(error.to_string());
            seen.reported = None;
            return seen;
        }
    };
    seen.is_whole = opened.failed.is_empty();
    take_notes(&opened, &mut seen);
    for partition in &opened.partitions {
        let log = &partition.log;
        let name = log.name().clone();
        let (batches, error) = read_all(log);
        search(log);
        seen.served.insert(name.clone(), batches);
        if let Some(error) = error {
            seen.is_whole = false;
            seen.words.push(format!("{name}: {error}"));
            seen.reported.get_or_insert_default().push(name);
        }
    }
    world.go_on(opened);
    seen
}

fn take_notes(opened: &Opened, seen: &mut Seen) {
    let names = opened.partitions.iter().map(|partition| partition.log.name().clone());
    let mut names: Vec<TopicPartition> = names.collect();
    names.extend(opened.failed.iter().map(|failed| failed.name.clone()));
    let mut reported = Vec::new();
    for failed in &opened.failed {
        seen.words.push(format!("{}: {}", failed.name, failed.error));
        reported.push(failed.name.clone());
    }
    for notice in &opened.notices {
        let words = notice.to_string();
        if notice.is_warning()
            || matches!(notice, storage::Notice::TornGroup { .. } | storage::Notice::TailCut { .. })
        {
            for dir in ["t-0", "u-0", "o-0", "w-0"] {
                let path = Path::new(world::DIR).join(dir);
                if words.contains(&path.display().to_string())
                    && let Some(name) = world::name_of(dir)
                {
                    reported.push(name);
                }
            }
            if words.contains("ottla.wal.") {
                reported.extend(names.iter().cloned());
            }
        }
        seen.words.push(words);
    }
    seen.reported = Some(reported);
}

/// Reads forwards as a consumer does, until an error. Each batch that is served must be whole and in its place.
fn read_all(log: &PartitionLog) -> (BTreeMap<Offset, Vec<u8>>, Option<StorageError>) {
    let mut batches = BTreeMap::new();
    let mut at = log.log_start();
    while at < log.log_end() {
        let bytes = match fetch(log, at) {
            Ok(bytes) => bytes,
            Err(error) => return (batches, Some(error)),
        };
        let before = at;
        for batch in Batches::checked(&bytes) {
            let batch = match batch {
                Ok(batch) => batch,
                Err(stop) => unreachable!("{} serves at {at} what is no batch: {stop}", log.name()),
            };
            let header = batch.header();
            assert!(header.last_offset() >= at, "{}: a batch before the offset {at}", log.name());
            batches.insert(header.base_offset(), batch.bytes().to_vec());
            at = header.next_offset();
        }
        if at == before {
            // A log may end behind its last batch.
            break;
        }
    }
    (batches, None)
}

fn fetch(log: &PartitionLog, from: Offset) -> Result<Vec<u8>, StorageError> {
    let mut at = from;
    loop {
        let mut out = Vec::new();
        let range = match log.read(at, log.log_end(), FETCH_SIZE, true, &mut out) {
            ReadPlan::Nothing => return Ok(Vec::new()),
            ReadPlan::Memory => unreachable!("nothing was appended since the start"),
            ReadPlan::File(read) => match read.resolve()? {
                Resolved::Range(range) => range,
                Resolved::Nothing => return Ok(Vec::new()),
                Resolved::ContinueAt(next) => {
                    assert!(next > at, "{}: a read goes back from {at} to {next}", log.name());
                    at = next;
                    continue;
                }
            },
        };
        return Ok(range.read().unwrap_or_default());
    }
}

/// Looks for what a broker looks for. What is found must lie in the log.
fn search(log: &PartitionLog) {
    let times = [0, 10_050, i64::MAX].into_iter().filter_map(model::Timestamp::from_millis);
    let mut searches: Vec<_> = times.filter_map(|time| log.search_timestamp(time)).collect();
    searches.extend(log.search_max_timestamp());
    for search in searches {
        if let Ok(Some(found)) = search.run() {
            assert!(found.offset >= log.log_start(), "found {found:?} before the start");
            assert!(
                found.offset < log.log_end(),
                "{}: found {found:?} behind the end {} {:?}",
                log.name(),
                log.log_end(),
                log.segment_bases().collect::<Vec<_>>()
            );
        }
    }
    let _ = log.search_aborted(log.log_start(), log.log_end()).run();
    let _ = log.scan_producers(log.log_end()).run();
    let middle = log.log_start().to_wire().midpoint(log.log_end().to_wire());
    if let Some(search) = Offset::from_wire(middle).and_then(|end| log.search_truncation(end)) {
        let _ = search.run();
    }
}
