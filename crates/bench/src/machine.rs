//! What the machine does beside the brokers, and how a measurement is kept from it.

use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use testkit::{Failed, target_directory};

use crate::Options;

/// Bytes that the system may still have to write when a load begins, and how long that is waited for.
const DIRTY_BYTES_MAX: u64 = 50 << 20;
const DIRTY_PATIENCE: Duration = Duration::from_secs(30);
/// Free memory that is left: the system's own reserve, and no more.
const FREE_BYTES_MAX: u64 = 700 << 20;
/// Share of the machine's time that others may have had, in percent, and how often a measurement is repeated for it.
const STEAL_PERCENT_MAX: f64 = 2.0;
const REPEAT_COUNT_MAX: u32 = 3;

/// A figure of a time in which the machine was its own.
pub(crate) struct Window<T> {
    pub(crate) value: T,
    /// Measurements before it that were thrown away.
    pub(crate) discarded: u32,
    /// Percent of the machine's time that others had in this one.
    pub(crate) steal: f64,
}

/// Measures until others on the same host took next to nothing; what was measured last is kept, whatever they took.
pub(crate) fn undisturbed<T>(
    mut measure: impl FnMut() -> Result<T, Failed>,
) -> Result<Window<T>, Failed> {
    let mut discarded = 0;
    loop {
        let before = times()?;
        let value = measure()?;
        let steal = steal_percent(before, times()?);
        if steal <= STEAL_PERCENT_MAX || discarded >= REPEAT_COUNT_MAX {
            return Ok(Window { value, discarded, steal });
        }
        discarded += 1;
    }
}

/// Steps of time that all cores had, and those of them that the host gave to others.
fn times() -> Result<(u64, u64), Failed> {
    let stat = read("/proc/stat")?;
    parse_times(&stat).ok_or_else(|| Failed("no times in /proc/stat".into()))
}

fn parse_times(stat: &str) -> Option<(u64, u64)> {
    let line = stat.lines().next()?.strip_prefix("cpu ")?;
    // User, nice, system, idle, waiting, interrupts, soft interrupts, stolen; time of guests is in the user's.
    let steps: Vec<u64> =
        line.split_whitespace().take(8).map_while(|word| word.parse().ok()).collect();
    Some((steps.iter().sum(), *steps.get(7)?))
}

fn steal_percent(before: (u64, u64), after: (u64, u64)) -> f64 {
    let (all, stolen) = (after.0 - before.0, after.1 - before.1);
    let part = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    100.0 * part(stolen) / part(all.max(1))
}

/// Brings the machine to where each measurement begins: nothing is still to be written to the disk, and no memory is free. A
/// short run for development has no time for that.
pub(crate) fn prepare(options: &Options, directory: &Path) -> Result<(), Failed> {
    if options.is_quick {
        return Ok(());
    }
    wait_for_writeback(directory);
    fill_page_cache()
}

/// Until little of what earlier loads wrote has still to reach the disk, which would slow the next one down.
fn wait_for_writeback(directory: &Path) {
    // Of this file system alone: others may never be done.
    if let Ok(file) = File::open(directory) {
        let _: rustix::io::Result<()> = rustix::fs::syncfs(&file);
    }
    let end = Instant::now() + DIRTY_PATIENCE;
    let dirty = || memory("Dirty:").unwrap_or(0) + memory("Writeback:").unwrap_or(0);
    while dirty() > DIRTY_BYTES_MAX && Instant::now() < end {
        thread::sleep(Duration::from_millis(100));
    }
}

/// Gives all free memory to the page cache, by reading a file of holes that is larger than memory.
///
/// A host may take back memory that its guest does not use. The next use of such a page costs several times the copy into
/// it, and who pays is chance: so no memory is free while brokers are measured, and what a load writes or reads takes pages
/// that the machine has.
fn fill_page_cache() -> Result<(), Failed> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let directory = target_directory().join("bench");
    let path = directory.join("holes");
    let failed = |error: std::io::Error| Failed(format!("read {}: {error}", path.display()));
    let total = memory("MemTotal:")?;
    fs::create_dir_all(&directory).map_err(failed)?;
    let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
    let file = file.map_err(failed)?;
    file.set_len(2 * total).map_err(failed)?;
    let mut block = vec![0; 4 << 20];
    let step = u64::try_from(block.len()).unwrap_or(1);
    // What is read again is in the cache already, so it ends after one round of the file.
    let mut left = 2 * total;
    while left > 0 && memory("MemFree:")? > FREE_BYTES_MAX {
        for _ in 0..16 {
            let at = NEXT.fetch_add(step, Ordering::Relaxed) % (2 * total);
            file.read_at(&mut block, at).map_err(failed)?;
            left = left.saturating_sub(step);
        }
    }
    Ok(())
}

/// Bytes of a line of `/proc/meminfo`.
fn memory(name: &str) -> Result<u64, Failed> {
    let text = read("/proc/meminfo")?;
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes: Option<u64> = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    Ok(kilobytes.ok_or_else(|| Failed(format!("no {name} in /proc/meminfo")))? << 10)
}

fn read(path: &str) -> Result<String, Failed> {
    let mut text = String::new();
    File::open(path)
        .and_then(|mut file| file.read_to_string(&mut text))
        .map_err(|error| Failed(format!("read {path}: {error}")))?;
    Ok(text)
}

/// Open files for this process and the brokers that it starts from now on, as many of `wanted` as the system allows.
pub(crate) fn raise_open_files(wanted: usize) -> Result<(), Failed> {
    let wanted = u64::try_from(wanted).unwrap_or(u64::MAX);
    let limit = getrlimit(Resource::Nofile);
    let allowed = limit.maximum.map_or(wanted, |maximum| maximum.min(wanted));
    if limit.current.is_none_or(|current| current >= allowed) {
        return Ok(());
    }
    let raised = Rlimit { current: Some(allowed), maximum: limit.maximum };
    setrlimit(Resource::Nofile, raised)
        .map_err(|error| Failed(format!("raise the limit of open files to {allowed}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steal_is_its_share_of_all_time() {
        let before = parse_times("cpu  10 0 10 70 0 0 0 10 5 5\ncpu0 1 1\n").unwrap();
        let after = parse_times("cpu  20 0 20 140 0 0 0 20 9 9\n").unwrap();
        assert_eq!((before, after), ((100, 10), (200, 20)));
        assert!((steal_percent(before, after) - 10.0).abs() < 1e-9);
        assert_eq!(parse_times("intr 1 2 3"), None);
    }

    #[test]
    fn a_measurement_that_was_disturbed_is_not_repeated_for_ever() {
        let mut count = 0;
        let window = undisturbed(|| {
            count += 1;
            Ok(())
        });
        let window = window.unwrap();
        assert_eq!(window.discarded + 1, count);
        assert!(window.discarded <= REPEAT_COUNT_MAX && window.steal >= 0.0);
    }
}
