use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use io::SimDisk;
use model::SeededRandom;

use crate::fixture::{ask, format, heartbeat, options, own, registration, topic};

/// `SEEDS=from..to` tries others, or more.
fn seeds() -> std::ops::Range<u64> {
    let wanted = std::env::var("SEEDS").unwrap_or_else(|_| "0..25".to_owned());
    let (from, to) = wanted.split_once("..").unwrap();
    from.parse().unwrap()..to.parse().unwrap()
}

/// Power cuts at random disk operations of starts, writes and snapshots: each topic that was acknowledged is there
/// after the next start.
#[test]
fn no_power_cut_loses_an_acknowledged_topic() {
    let dir = Path::new("/data");
    let mut cuts = 0;
    let mut acknowledged_count = 0;
    for seed in seeds() {
        let mut random = SeededRandom::new(seed);
        let disk = SimDisk::new(seed);
        io::Disk::create_dir_all(&disk, dir).unwrap();
        io::Disk::sync_dir(&disk, Path::new("/")).unwrap();
        quorum::format(&disk, dir, &format()).unwrap();
        let mut acknowledged: Vec<String> = Vec::new();
        for life in 0..12_u8 {
            let mut options = options(Arc::new(disk.clone()), dir);
            options.log.bytes_between_snapshots = 1_500;
            options.log.retention_bytes = Some(1 + random.below(8_000));
            disk.crash_after(1 + random.below(110));
            let failed = Arc::new(AtomicBool::new(false));
            let noted = Arc::clone(&failed);
            let started = quorum::start(options, move |_| noted.store(true, Ordering::SeqCst));
            let started = match started {
                Ok(started) => Some(started),
                Err(error) => {
                    assert!(disk.is_off(), "seed {seed}, life {life}: {error}");
                    None
                }
            };
            if let Some((quorum, thread)) = started {
                for name in &acknowledged {
                    assert!(quorum.image().topic(name).is_some(), "seed {seed}: {name} is gone");
                }
                if try_join(&quorum, life + 1) {
                    for count in 0..20 {
                        let name = format!("t{life}-{count}");
                        match ask(&quorum, topic(&name, 1)) {
                            Ok(reply) if reply[0].1.is_ok() => acknowledged.push(name),
                            Ok(_) => {}
                            Err(_) => break,
                        }
                    }
                }
                let stopped = thread.stop();
                assert_eq!(stopped.is_err(), failed.load(Ordering::SeqCst) || disk.is_off());
            }
            cuts += usize::from(disk.is_off());
            // At times it is the process that dies, and what it wrote is seen by the next without being durable.
            if random.one_in(3) {
                disk.restart();
            } else {
                disk.power_on();
            }
        }
        acknowledged_count += acknowledged.len();
        disk.crash_after(u64::MAX / 2);
        let options = options(Arc::new(disk.clone()), dir);
        let (quorum, thread) = quorum::start(options, |error| panic!("{error}")).unwrap();
        for name in &acknowledged {
            assert!(quorum.image().topic(name).is_some(), "seed {seed}: {name} is gone");
        }
        thread.stop().unwrap();
    }
    assert!(cuts > 100, "only {cuts} power cuts");
    // Where the cuts fall decides how many: enough to mean something.
    assert!(acknowledged_count > 200, "only {acknowledged_count} topics");
}

#[test]
fn what_a_start_shows_after_a_failed_sync_survives_a_power_cut() {
    let dir = Path::new("/data");
    let mut shown = 0;
    for seed in 0..20 {
        let disk = SimDisk::new(seed);
        io::Disk::create_dir_all(&disk, dir).unwrap();
        io::Disk::sync_dir(&disk, Path::new("/")).unwrap();
        quorum::format(&disk, dir, &format()).unwrap();
        let start = || quorum::start(options(Arc::new(disk.clone()), dir), |_| {}).unwrap();
        let (quorum, thread) = start();
        assert!(try_join(&quorum, 1));
        assert!(ask(&quorum, topic("before", 1)).unwrap()[0].1.is_ok());
        let log = dir.join(quorum::METADATA_DIR).join(format!("{:020}.log", 0));
        disk.set_fault(&log, io::Fault::Sync);
        assert_eq!(ask(&quorum, topic("failed", 40)), Err(quorum::Unavailable::OutcomeUnknown));
        assert!(thread.stop().is_err());
        disk.clear_faults();
        disk.restart();

        let (quorum, thread) = start();
        let names = |quorum: &quorum::Quorum| -> Vec<String> {
            quorum.image().topics().map(|topic| topic.name.as_str().to_owned()).collect()
        };
        let seen = names(&quorum);
        assert!(seen.contains(&"before".to_owned()));
        shown += usize::from(seen.contains(&"failed".to_owned()));
        disk.power_on();
        assert!(thread.stop().is_err(), "its files are of the life before");
        let (quorum, thread) = start();
        assert_eq!(names(&quorum), seen, "seed {seed}");
        thread.stop().unwrap();
    }
    assert!(shown > 0, "the failed write was never seen");
}

/// Whether the broker could register before the power went off.
fn try_join(quorum: &quorum::Quorum, incarnation: u8) -> bool {
    let registered = ask(quorum, registration(incarnation)).is_ok_and(|reply| reply.is_ok());
    registered && try_unfence(quorum)
}

fn try_unfence(quorum: &quorum::Quorum) -> bool {
    let Some(epoch) = quorum.image().broker(own().id).map(|broker| broker.epoch) else {
        return false;
    };
    ask(quorum, heartbeat(quorum, epoch)).is_ok_and(|reply| reply.is_ok())
}
