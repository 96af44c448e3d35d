//! `RESULTS.md`: the table, the machine, and what the figures do not say.

use std::fs;
use std::path::Path;

use testkit::{Failed, KAFKA_VERSION, Step, project_root};

use crate::broker::Kind;
use crate::phases::{Durations, Figure};

type Run = (Kind, Vec<Figure>);

pub(crate) fn write(
    out: &Path,
    kinds: &[Kind],
    runs: &[Run],
    durations: Durations,
    order: &[Kind],
) -> Result<(), Failed> {
    let mut text = format!(
        "# Ottla beside Apache Kafka {KAFKA_VERSION}\n\n\
         Written by `cargo run --release -p bench`, {} at commit {}. Do not edit: run it again.\n\n",
        printed("date", &["-u", "+%F %H:%M UTC"]),
        printed(
            "git",
            &["-C", &project_root().display().to_string(), "rev-parse", "--short", "HEAD"]
        ),
    );
    text += &format!("Machine: {}.\n\n", machine());
    text += &table(kinds, runs);
    text += &notes(durations, order);
    if let Some(directory) = out.parent() {
        fs::create_dir_all(directory)
            .map_err(|error| Failed(format!("make {}: {error}", directory.display())))?;
    }
    fs::write(out, text).map_err(|error| Failed(format!("write {}: {error}", out.display())))
}

/// A row for each figure; a cell has the median and, behind it, the lowest and highest run.
fn table(kinds: &[Kind], runs: &[Run]) -> String {
    let mut text = String::from("| figure |");
    for kind in kinds {
        text += &format!(" {} |", kind.name());
    }
    text += "\n|---|";
    text += &"---:|".repeat(kinds.len());
    text.push('\n');
    let names = runs.first().map(|(_, figures)| figures.as_slice()).unwrap_or_default();
    for (row, Figure { name, .. }) in names.iter().enumerate() {
        text += &format!("| {name} |");
        for kind in kinds {
            let of_kind = runs.iter().filter(|(one, _)| one == kind);
            let values = of_kind.filter_map(|(_, figures)| figures.get(row).map(|f| f.value));
            text += &format!(" {} |", cell(values.collect()));
        }
        text.push('\n');
    }
    text
}

fn cell(mut values: Vec<f64>) -> String {
    values.sort_by(f64::total_cmp);
    let (Some(low), Some(high)) = (values.first(), values.last()) else {
        return "not run".into();
    };
    let middle = values.len() / 2;
    let median = match values.get(middle.wrapping_sub(1)) {
        Some(below) if values.len().is_multiple_of(2) => f64::midpoint(*below, values[middle]),
        _ => values[middle],
    };
    format!("**{}** ({}–{})", number(median), number(*low), number(*high))
}

/// Three significant digits.
fn number(value: f64) -> String {
    if value >= 100.0 {
        format!("{value:.0}")
    } else if value >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

fn notes(durations: Durations, order: &[Kind]) -> String {
    let order: Vec<&str> = order.iter().map(|kind| kind.name()).collect();
    format!(
        "\nA cell is the median of the runs (lowest–highest). Order of the runs: {}.\n\n\
         ## How\n\n\
         - Each run is a fresh process on a fresh directory. Apache Kafka has the heap and collector of its official start script; its\n  \
           directory is formatted before the clock starts, Ottla formats its own within the time shown.\n\
         - Start: from the making of the process until one record is acknowledged on a raw connection that tries each millisecond.\n\
         - After {} s of warm-up with all loads, each load lasts {} s. One thread of this program sends requests that were encoded\n  \
           before (Produce 7, Fetch 11), acks=1, no compression, values of 1,000 bytes (batches of 16 and 1,024 records) or one\n  \
           record of 100 bytes; 16 partitions, connections × requests in flight as named.\n\
         - CPU is user and system time of the broker's process during the load and {} s after it. Memory is resident memory.\n\
         - Fetches read what the 16 KB load wrote, which is still in the page cache.\n\n\
         ## What the figures do not say\n\n\
         - *Ottla, durable* answers after the batch is on disk; Apache Kafka and *Ottla, `os`* answer after it is in the page cache.\n  \
           Compare Apache Kafka with `os` for equal promises, with durable for what the default costs.\n\
         - The client runs on the same machine and takes CPU from the broker, so throughput is what both reach together; CPU per GB\n  \
           is the steadier figure. Few runs of a few seconds on a shared machine: differences under about 20 % are noise.\n\
         - Latencies are of a closed loop at full load, not at equal rates: they show queues, not what an application at a moderate rate sees.\n\
         - Not run: replication (one node), acks=all, TLS, compressed batches, cold reads from disk, many partitions, consumers in groups,\n  \
           latency at a fixed rate, loads longer than seconds.\n",
        order.join(", "),
        durations.warm_up.as_secs(),
        durations.phase.as_secs(),
        2,
    )
}

fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let memory = read("/proc/meminfo");
    let memory = memory.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kilobytes: u64 =
        memory.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default();
    let temporary = std::env::temp_dir().display().to_string();
    format!(
        "{} × {}, {} GB of memory, Linux {}, {} under the data directories, Java {}",
        std::thread::available_parallelism().map_or(0, usize::from),
        cpu.map_or("unknown CPU", |(_, model)| model.trim()),
        kilobytes >> 20,
        printed("uname", &["-r"]),
        printed("stat", &["-f", "-c", "%T", &temporary]),
        printed("sh", &["-c", "java -version 2>&1 | sed -n '1s/[^\"]*\"\\([^\"]*\\)\".*/\\1/p'"]),
    )
}

/// What a command prints, or that it could not be had.
fn printed(program: &str, arguments: &[&str]) -> String {
    let text = Step::new(program).args(arguments).run();
    text.map_or_else(|_| "unknown".into(), |text| text.trim().to_owned())
}
