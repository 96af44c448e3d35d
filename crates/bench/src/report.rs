//! `RESULTS.md`: the table, the machine, and what the figures do not say.

use std::fs;
use std::path::Path;
use std::time::Duration;

use testkit::{Failed, KAFKA_VERSION, Step, project_root};

use crate::Options;
use crate::broker::Kind;
use crate::phases::{Figure, SETTLE};

/// What was measured: for each round the figures of each broker, in any order.
pub(crate) type Runs = Vec<(usize, Kind, Figure)>;

pub(crate) fn write(options: &Options, runs: &Runs, took: Duration) -> Result<(), Failed> {
    let out: &Path = &options.out;
    let mut text = format!(
        "# Ottla beside Apache Kafka {KAFKA_VERSION}\n\n\
         Written by `cargo run --release -p bench`, {} at commit {}, in {} s. Do not edit: run it again.\n\n",
        printed("date", &["-u", "+%F %H:%M UTC"]),
        printed(
            "git",
            &["-C", &project_root().display().to_string(), "rev-parse", "--short", "HEAD"]
        ),
        took.as_secs(),
    );
    text += &format!("Machine: {}.\n\n", machine());
    text += &format!("Load of the machine at the end, of all that ran on it: {}.\n\n", others());
    text += &table(&options.kinds, runs);
    text += &notes(options);
    if let Some(directory) = out.parent() {
        fs::create_dir_all(directory)
            .map_err(|error| Failed(format!("make {}: {error}", directory.display())))?;
    }
    fs::write(out, text).map_err(|error| Failed(format!("write {}: {error}", out.display())))
}

/// A row for each figure: of each broker the median, then how many times better than Apache Kafka each Ottla is.
fn table(kinds: &[Kind], runs: &Runs) -> String {
    let compared: Vec<Kind> = match kinds.contains(&Kind::Kafka) {
        true => kinds.iter().copied().filter(|kind| *kind != Kind::Kafka).collect(),
        false => Vec::new(),
    };
    let mut text = String::from("| figure |");
    for kind in kinds {
        text += &format!(" {} |", kind.name());
    }
    for kind in &compared {
        text += &format!(" {}: times better |", kind.name());
    }
    text += "\n|---|";
    text += &"---:|".repeat(kinds.len() + compared.len());
    text.push('\n');
    let mut names: Vec<&Figure> = Vec::new();
    for (_, _, figure) in runs {
        if names.iter().all(|known| known.name != figure.name) {
            names.push(figure);
        }
    }
    for figure in names {
        text += &format!("| {} |", figure.name);
        for kind in kinds {
            let values = of(runs, *kind, figure).map(|(_, value)| value).collect();
            text += &median(values)
                .map_or_else(|| " not run |".into(), |value| format!(" {} |", number(value)));
        }
        for kind in &compared {
            text += &format!(" {} |", ratio(runs, *kind, figure));
        }
        text.push('\n');
    }
    text
}

fn of<'a>(
    runs: &'a Runs,
    kind: Kind,
    figure: &'a Figure,
) -> impl Iterator<Item = (usize, f64)> + 'a {
    let wanted =
        move |(_, one, found): &&(usize, Kind, Figure)| *one == kind && found.name == figure.name;
    runs.iter().filter(wanted).map(|(round, _, figure)| (*round, figure.value))
}

/// The median of the rounds' ratios, and the lowest and highest of them. Above 1 Ottla is the better one.
fn ratio(runs: &Runs, kind: Kind, figure: &Figure) -> String {
    let mut ratios = Vec::new();
    for (round, own) in of(runs, kind, figure) {
        let kafka = of(runs, Kind::Kafka, figure).find(|(other, _)| *other == round);
        let Some((_, kafka)) = kafka else { continue };
        ratios.push(if figure.higher_is_better { own / kafka } else { kafka / own });
    }
    ratios.sort_by(f64::total_cmp);
    match (median(ratios.clone()), ratios.first(), ratios.last()) {
        (Some(median), Some(low), Some(high)) if ratios.len() > 1 => {
            format!("**{}** ({}–{})", number(median), number(*low), number(*high))
        }
        (Some(median), ..) => format!("**{}**", number(median)),
        (None, ..) => "not run".into(),
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.get(middle.wrapping_sub(1)) {
        Some(below) if values.len().is_multiple_of(2) => {
            Some(f64::midpoint(*below, *values.get(middle)?))
        }
        _ => values.get(middle).copied(),
    }
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

fn notes(options: &Options) -> String {
    format!(
        "\nEach cell of a broker is the median of {rounds} rounds. *Times better* is the median of the rounds' ratios\n\
         (lowest–highest), each of two runs a few seconds apart; above 1 Ottla is the better one, below 1 Apache Kafka.\n\n\
         ## How\n\n\
         - Start: three fresh processes of each on empty directories, in turn. From the making of the process until one record is\n  \
           acknowledged on a raw connection that tries each millisecond. Apache Kafka has the heap and collector of its official start\n  \
           script; its directory is formatted before the clock starts, Ottla formats its own within the time shown.\n\
         - Loads: all brokers run side by side, one of them under load at a time, in the order A B C, C B A, and so on, so that what\n  \
           drifts on the machine (disk, neighbours) falls on all alike. Apache Kafka was warmed up for {warm_up} s with all loads, Ottla for\n  \
           {own_warm_up} s. Each load lasts {seconds} s, or until 400 MB are sent; what it wrote is deleted before the next.\n\
         - One thread of this program sends requests that were encoded before (Produce 7, Fetch 11), acks=1, no compression, values\n  \
           of 1,000 bytes (batches of 16, 100 and 1,000 records) or one record of 100 bytes; 16 partitions, connections × requests in\n  \
           flight as named.\n\
         - CPU is user and system time of the broker's process during the load and {settle} ms after it. Memory is resident memory.\n\
         - Fetches read 16 MB of each of four partitions again and again, which are in the page cache.\n\n\
         ## What the figures do not say\n\n\
         - *Ottla, durable* answers after the batch is on disk; Apache Kafka and *Ottla, `os`* answer after it is in the page cache.\n  \
           Compare Apache Kafka with `os` for equal promises, with durable for what the default costs.\n\
         - The machine is shared: other programs (compilers, tests) ran at the same time, and the client takes CPU from the broker.\n  \
           Throughput and latencies are what was left over; CPU per GB and per request are the steadier figures. Loads of few\n  \
           seconds: a ratio whose range includes 1 says nothing.\n\
         - Latencies are of a closed loop at full load, not at equal rates: they show queues, not what an application at a moderate rate sees.\n\
         - Writeback of one broker's pages may fall into another's turn; in the page cache modes it is charged to nobody.\n\
         - Not run: replication (one node), acks=all, TLS, compressed batches, cold reads from disk, many partitions, consumers in groups,\n  \
           latency at a fixed rate, loads longer than seconds.\n",
        rounds = options.rounds,
        warm_up = options.warm_up.as_secs(),
        own_warm_up = options.own_warm_up().as_secs(),
        seconds = options.phase.as_secs(),
        settle = SETTLE.as_millis(),
    )
}

/// Processes that were running or waiting for a processor, over the last minute and five.
fn others() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let mut numbers = load.split_whitespace();
    match (numbers.next(), numbers.next()) {
        (Some(one), Some(five)) => format!("{one} over a minute, {five} over five"),
        _ => "unknown".into(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(name: &str, value: f64, higher_is_better: bool) -> Figure {
        Figure { name: name.into(), value, higher_is_better }
    }

    #[test]
    fn a_ratio_is_taken_within_a_round_and_is_above_1_where_ottla_is_better() {
        let less = |value| figure("CPU", value, false);
        let more = |value| figure("MB/s", value, true);
        let runs = vec![
            (0, Kind::Kafka, less(4.0)),
            (0, Kind::OttlaOs, less(2.0)),
            (1, Kind::OttlaOs, less(5.0)),
            (1, Kind::Kafka, less(20.0)),
            (0, Kind::Kafka, more(10.0)),
            (0, Kind::OttlaOs, more(30.0)),
        ];
        assert_eq!(ratio(&runs, Kind::OttlaOs, &less(0.0)), "**3.00** (2.00–4.00)");
        assert_eq!(ratio(&runs, Kind::OttlaOs, &more(0.0)), "**3.00**");
        assert_eq!(ratio(&runs, Kind::OttlaDurable, &less(0.0)), "not run");
    }
}
