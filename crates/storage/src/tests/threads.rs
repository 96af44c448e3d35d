//! Logs that several threads open are those that one opens.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use io::Disk;
use io::arena::Arena;

use super::world::*;
use crate::limits::{PIECE_SIZE_MIN, SYNC_EACH_COUNT_MAX};
use crate::*;

/// With how many pieces they were given.
#[derive(Default)]
struct Threads(AtomicUsize);

impl Workers for Threads {
    fn count(&self) -> usize {
        3
    }

    fn run(&self, pieces: Vec<Piece<'_>>) {
        self.0.fetch_add(pieces.len(), Ordering::Relaxed);
        let pieces = Mutex::new(pieces);
        let next = || pieces.lock().unwrap().pop();
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while let Some(piece) = next() {
                        piece();
                    }
                });
            }
        });
    }
}

#[derive(Clone, Copy, Debug)]
enum End {
    Clean,
    Checkpoint,
    Nothing,
}

const COUNT: usize = 5 * PIECE_SIZE_MIN + 3;
const _: () = assert!(COUNT > SYNC_EACH_COUNT_MAX);

fn ended(end: End) -> World {
    let mut world = World::plain();
    for number in 0..COUNT {
        let partition = i32::try_from(number).unwrap();
        let index = world.create(id(1, partition), name("t", partition));
        for _ in 0..=number % 3 {
            let _ = world.append(index, 2, 300);
        }
        world.commit().unwrap();
        if number == COUNT / 2 && matches!(end, End::Checkpoint) {
            world.checkpoint().unwrap();
        }
    }
    if let End::Clean = end {
        world.close().unwrap();
        // One that does not say whose it is, and one with an index that is lost.
        let metadata = World::path("t-7").join("partition.metadata");
        world.disk.replace(&metadata, b"version: 0\n").unwrap();
        let index = World::path("t-11").join("00000000000000000000.index");
        world.disk.remove_file(&index).unwrap();
    }
    world.disk.power_on();
    world
}

/// What a start came to, and what the next one finds.
fn opened(world: &World, workers: Arc<dyn Workers>, salt: u64) -> Vec<String> {
    let arena = Arena::new(4 << 20);
    let mut settings = settings(&world.disk, &arena, world.lane, salt);
    settings.workers = workers;
    let topics = OneConfig(Arc::clone(&world.config));
    let opened = LogDir::open(Path::new(DIR), &settings, &topics).unwrap();
    let mut found: Vec<String> = Vec::new();
    for RecoveredPartition { log, replica } in &opened.partitions {
        let batches: usize = read_all(log).iter().map(|batch| batch.1.len()).sum();
        found.push(format!("{:?} {} {batches} {replica:?}", log.id(), log.log_end()));
    }
    assert!(found.len() >= COUNT - 1);
    found.extend(opened.failed.iter().map(|failed| format!("{} {}", failed.name, failed.error)));
    found.extend(opened.notices.iter().map(ToString::to_string));
    found
}

#[test]
fn several_threads_open_what_one_opens() {
    for end in [End::Clean, End::Checkpoint, End::Nothing] {
        let (one, several) = (ended(end), ended(end));
        for salt in 2..4 {
            let expected = opened(&one, Arc::new(InTurn), salt);
            let threads = Arc::new(Threads::default());
            let found = opened(&several, threads.clone(), salt);
            assert_eq!(found, expected, "{end:?}, life {salt}");
            assert!(threads.0.load(Ordering::Relaxed) > 2, "nothing was shared");
            one.disk.power_on();
            several.disk.power_on();
        }
    }
}
