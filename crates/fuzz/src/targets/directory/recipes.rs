//! Directories as the real storage leaves them.
#![allow(clippy::unwrap_used, reason = "a world that cannot be made is a bug of this file")]

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::OnceLock;

use io::{Disk, SimDisk};
use model::{Offset, TopicPartition};

use super::damages::Place;
use super::world::{DIR, Life, World};

/// A directory, and what was acknowledged of it.
pub(super) struct Image {
    pub(super) dirs: Vec<PathBuf>,
    pub(super) files: BTreeMap<PathBuf, Vec<u8>>,
    pub(super) acknowledged: BTreeMap<TopicPartition, BTreeMap<Offset, Vec<u8>>>,
    /// Batches that only the last group of the write-ahead log holds, and where that group lies. Who looks at it alone cannot
    /// tell rot from a write that a power cut tore.
    newest: Vec<(TopicPartition, Offset)>,
    newest_group: Option<(PathBuf, Range<usize>)>,
}

impl Image {
    /// What this life mixes into the checksums of its write-ahead log.
    pub(super) fn salt(&self) -> [u8; 8] {
        let salt = self.files.iter().find(|(path, _)| path.ends_with("salt"));
        salt.and_then(|(_, bytes)| bytes.first_chunk().copied()).unwrap_or_default()
    }

    fn touches_base_offset(&self, place: &Place) -> bool {
        let content = self.files.get(&place.path).map_or(&[][..], Vec::as_slice);
        let mut start = 0;
        for batch in record::Batches::new(content).map_while(Result::ok) {
            if place.range.start < start + 8 && place.range.end > start {
                return true;
            }
            start += batch.bytes().len();
        }
        false
    }

    /// Whether the place is a base offset of a topic of durability `os`: what no checkpoint saw is taken as it lies there.
    pub(super) fn is_unsynced_offset(&self, name: &TopicPartition, place: &Place) -> bool {
        name.topic.as_str().starts_with('o') && self.touches_base_offset(place)
    }

    /// Whether nothing promises that this batch survives rot in that place, or that its loss is seen.
    pub(super) fn may_be_gone(&self, name: &TopicPartition, base: Offset, place: &Place) -> bool {
        // Where a log starts stands in Kafka's own text file, which has no checksum.
        if place.path.ends_with("log-start-offset-checkpoint") {
            return true;
        }
        // No checksum covers a base offset. One that is wrong is never served, but a reader that begins right behind it
        // cannot know what was there: logs may have gaps.
        let is_segment = place.path.extension().is_some_and(|extension| extension == "log");
        if is_segment && self.touches_base_offset(place) {
            return true;
        }
        let in_group = self.newest_group.as_ref().is_some_and(|(path, range)| {
            *path == place.path && place.range.start < range.end && place.range.end > range.start
        });
        in_group && self.newest.contains(&(name.clone(), base))
    }
}

pub(super) fn images() -> &'static [Image] {
    static IMAGES: OnceLock<Vec<Image>> = OnceLock::new();
    IMAGES.get_or_init(|| vec![clean(), killed(), changed(), checkpointed(), buffered()])
}

/// Everything under the directory.
fn files_of(disk: &SimDisk) -> (Vec<PathBuf>, BTreeMap<PathBuf, Vec<u8>>) {
    let (mut dirs, mut files) = (vec![PathBuf::from(DIR)], BTreeMap::new());
    let mut next = 0;
    while let Some(dir) = dirs.get(next).cloned() {
        next += 1;
        for entry in disk.list(&dir).unwrap() {
            let path = dir.join(&entry.name);
            if entry.is_dir {
                dirs.push(path);
            } else {
                files.insert(path.clone(), disk.read(&path).unwrap());
            }
        }
    }
    (dirs, files)
}

fn image(world: &World, life: Life) -> Image {
    let batches =
        |(name, partition): (TopicPartition, std::cell::RefCell<super::world::Partition>)| {
            (name, partition.into_inner().batches)
        };
    let acknowledged = life.partitions.into_iter().map(batches).collect();
    drop(life.dir);
    world.disk.restart();
    let (dirs, files) = files_of(&world.disk);
    Image { dirs, files, acknowledged, newest: Vec::new(), newest_group: None }
}

/// Two partitions with transactions, segments, and a change of the leader.
fn write_some(life: &mut Life, rounds: u32) -> [TopicPartition; 2] {
    let names = [life.create("t-0"), life.create("u-0")];
    for round in 0..rounds {
        for name in &names {
            let transaction = (round % 4 == 3).then_some(round % 8 == 3);
            life.append(name, 2, 500 + usize::try_from(round).unwrap() * 13, transaction);
            if round == rounds / 2 {
                life.next_epoch(name);
            }
        }
        life.commit().unwrap();
    }
    names
}

/// Stopped in order: Kafka's files and nothing else.
fn clean() -> Image {
    let world = World::empty();
    let mut life = world.live();
    write_some(&mut life, 20);
    life.close().unwrap();
    image(&world, life)
}

/// Killed with everything in the write-ahead log alone.
fn killed() -> Image {
    let world = World::empty();
    let mut life = world.live();
    let names = write_some(&mut life, 6);
    with_newest_group(&world, life, &names)
}

/// One more group, that is known to be the last.
fn with_newest_group(world: &World, mut life: Life, names: &[TopicPartition]) -> Image {
    let (_, before) = files_of(&world.disk);
    let mut newest = Vec::new();
    for name in names {
        newest.push((name.clone(), life.partitions[name].borrow().batches.len()));
        life.append(name, 1, 700, None);
    }
    life.commit().unwrap();
    let (_, after) = files_of(&world.disk);
    let newest = newest.into_iter().flat_map(|(name, count)| {
        let batches: Vec<_> =
            life.partitions[&name].borrow().batches.keys().skip(count).copied().collect();
        batches.into_iter().map(move |base| (name.clone(), base))
    });
    let newest: Vec<_> = newest.collect();
    let group = after.iter().find_map(|(path, content)| {
        let is_wal = path.to_string_lossy().contains("ottla.wal.");
        let old = before.get(path).map_or(&[][..], Vec::as_slice);
        let differs = |at: &usize| content.get(*at) != old.get(*at);
        let first = (0..content.len()).find(differs).filter(|_| is_wal)?;
        let last = (0..content.len()).rfind(differs)?;
        // Whole pages: what stands before the first change is the group's magic, or the page's zeros.
        Some((path.clone(), first / 4096 * 4096..last + 1))
    });
    let image = image(world, life);
    Image { newest, newest_group: group, ..image }
}

/// Bulk commits, a truncation, deleted records, a deleted topic.
fn changed() -> Image {
    let world = World::empty();
    let mut life = world.live();
    let [first, second] = write_some(&mut life, 5);
    life.append(&first, 4, 9_000, None);
    life.commit().unwrap();
    life.append(&first, 1, 800, None);
    life.commit().unwrap();
    life.truncate(&second, Offset::from_wire(6).unwrap());
    life.append(&second, 1, 800, None);
    life.commit().unwrap();
    life.raise_start(&second, Offset::from_wire(4).unwrap());
    let gone = life.create("v-0");
    life.append(&gone, 1, 400, None);
    life.commit().unwrap();
    life.delete(&gone);
    life.commit().unwrap();
    life.append(&first, 1, 600, None);
    life.commit().unwrap();
    with_newest_group(&world, life, &[first, second])
}

/// Killed some time after a checkpoint.
fn checkpointed() -> Image {
    let world = World::empty();
    let mut life = world.live();
    let names = write_some(&mut life, 12);
    life.drain();
    life.checkpoint();
    for name in &names {
        for _ in 0..3 {
            life.append(name, 1, 900, None);
            life.commit().unwrap();
        }
    }
    life.drain();
    with_newest_group(&world, life, &names)
}

/// A topic of durability `os` beside another, killed.
fn buffered() -> Image {
    let world = World::empty();
    let mut life = world.live();
    let os = life.create("o-0");
    let other = life.create("w-0");
    for round in 0..9 {
        life.append(&os, 1, 900, (round == 4).then_some(false));
        life.append(&other, 1, 500, None);
        life.commit().unwrap();
    }
    life.dir.sync_direct_writes().unwrap();
    with_newest_group(&world, life, &[other])
}
