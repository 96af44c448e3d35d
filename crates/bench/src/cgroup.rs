//! The CPU that a process used, counted by the system in a group of its own: threads that ended are in it, and it is exact
//! to the microsecond, where the times of a process are steps of 10 ms.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use testkit::Failed;

/// A control group with one process; removed when dropped, after the process.
pub(crate) struct Group {
    path: PathBuf,
}

impl Group {
    /// `None` where the unified tree cannot be written.
    pub(crate) fn of(pid: u32) -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let mounts = fs::read_to_string("/proc/self/mounts").ok()?;
        let root = mounts.lines().find_map(|line| {
            let mut words = line.split(' ').skip(1);
            let (place, kind) = (words.next()?, words.next()?);
            (kind == "cgroup2").then(|| PathBuf::from(place))
        })?;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = root.join(format!("ottla-bench-{}-{number}", std::process::id()));
        fs::create_dir(&path).ok()?;
        let group = Self { path };
        fs::write(group.path.join("cgroup.procs"), pid.to_string()).ok()?;
        Some(group)
    }

    /// Time since the process was put here, user and system.
    pub(crate) fn cpu(&self) -> Result<Duration, Failed> {
        let path = self.path.join("cpu.stat");
        let stat = fs::read_to_string(&path)
            .map_err(|error| Failed(format!("read {}: {error}", path.display())))?;
        let micros = stat.lines().find_map(|line| line.strip_prefix("usage_usec "));
        let micros: u64 = micros
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| Failed(format!("no usage in {}", path.display())))?;
        Ok(Duration::from_micros(micros))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Left behind it is an empty directory of the kernel, which harms nobody.
        let _ = fs::remove_dir(&self.path);
    }
}
