//! What the system says of this process.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::{Collect, Exposition, names};

/// Tells the process's use of processor, memory, files and disks, as Prometheus' own client libraries do.
#[derive(Debug)]
pub struct Process {
    started: f64,
}

impl Default for Process {
    fn default() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { started: now.as_secs_f64() }
    }
}

impl Collect for Process {
    fn collect(&self, page: &mut Exposition) {
        page.real(&names::PROCESS_START_TIME, &[], self.started);
        if let Ok(stat) = std::fs::read_to_string("/proc/self/stat")
            && let Some(usage) = Usage::parse(&stat)
        {
            page.real(&names::PROCESS_CPU, &[], usage.cpu_seconds);
            page.gauge(&names::PROCESS_VIRTUAL, &[], usage.virtual_bytes);
            page.gauge(&names::PROCESS_RESIDENT, &[], usage.resident_bytes);
            page.gauge(&names::PROCESS_THREADS, &[], usage.thread_count);
        }
        if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
            page.gauge(
                &names::PROCESS_OPEN_FILES,
                &[],
                i64::try_from(files.count()).unwrap_or(i64::MAX),
            );
        }
        let Ok(io) = std::fs::read_to_string("/proc/self/io") else { return };
        for (word, metric) in
            [("read_bytes: ", &names::DISK_READ), ("write_bytes: ", &names::DISK_WRITTEN)]
        {
            let line = io.lines().find_map(|line| line.strip_prefix(word));
            if let Some(bytes) = line.and_then(|number| number.parse().ok()) {
                page.gauge(metric, &[], bytes);
            }
        }
    }
}

#[derive(Debug, PartialEq)]
struct Usage {
    cpu_seconds: f64,
    thread_count: i64,
    virtual_bytes: i64,
    resident_bytes: i64,
}

impl Usage {
    /// Reads `/proc/PID/stat`. The program's name may hold anything, so fields are counted from its end.
    fn parse(stat: &str) -> Option<Self> {
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |index: usize| fields.get(index).and_then(|field| field.parse::<i64>().ok());
        let ticks = number(11)?.checked_add(number(12)?)?;
        // The kernel counts a hundred ticks a second on every machine that Linux runs on today.
        let cpu_seconds = f64::from(i32::try_from(ticks).ok()?) / 100.0;
        let page_bytes = i64::try_from(rustix::param::page_size()).ok()?;
        Some(Self {
            cpu_seconds,
            thread_count: number(17)?,
            virtual_bytes: number(20)?,
            resident_bytes: number(21)?.checked_mul(page_bytes)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_may_have_any_name() {
        let stat = "1 (a) b) S 1 1 1 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 7 0 100 4096 3 18446744073709551615";
        let usage = Usage::parse(stat).expect("it is whole");
        assert!((usage.cpu_seconds - 3.0).abs() < 1e-9);
        assert_eq!((usage.thread_count, usage.virtual_bytes), (7, 4096));
        assert_eq!(Usage::parse("1 (a"), None);
    }
}
