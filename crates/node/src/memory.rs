//! How much memory produced bytes may take.

use std::fs;

const MB: u64 = 1 << 20;

/// Without `ottla.memory.bytes`: a quarter of what the process may use, and at most this. DESIGN: the tail of the log is
/// read from here, the rest from the system's cache.
const DEFAULT_MAX: u64 = 48 * MB;

/// Less would not hold a request beside another.
const LEAST: u64 = 8 * MB;

/// Bytes for the arena.
pub(crate) fn arena_size(wanted: Option<u64>) -> usize {
    let size = wanted.unwrap_or_else(|| (limit() / 4).min(DEFAULT_MAX)).max(LEAST);
    usize::try_from(size).unwrap_or(usize::MAX)
}

/// What the process may use: a container's limit of either kind, else the machine's memory.
fn limit() -> u64 {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cgroup = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
    let limits = cgroup.iter().filter_map(|path| read(path).trim().parse().ok());
    limits.chain(machine(&read("/proc/meminfo"))).min().unwrap_or(u64::MAX)
}

/// `MemTotal` of `/proc/meminfo`, which is in kilobytes.
fn machine(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_given_above_the_least() {
        assert_eq!(arena_size(Some(100 * MB)), 100 << 20);
        assert_eq!(arena_size(Some(1)), 8 << 20);
        assert!((8 << 20..=48 << 20).contains(&arena_size(None)));
    }

    #[test]
    fn the_machines_memory_is_read_in_kilobytes() {
        assert_eq!(machine("MemFree: 1 kB\nMemTotal:       16 kB\n"), Some(16 * 1024));
        assert_eq!(machine("x"), None);
    }
}
