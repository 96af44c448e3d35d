//! What was measured, as rows of a file that is kept: `bench/results/TABLE.tsv`. Nothing is ever taken out of it by the
//! program; the report shows the last run.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use testkit::{Failed, Step, project_root};

use crate::broker::Kind;
use crate::machine::Window;

/// Words of one row, in their order.
const HEADINGS: &str = "run\tcommit\tmachine\tcommand\tround\tbroker\tload\tfigure\tvalue";

/// One figure of one broker in one round.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// When its run began.
    pub(crate) run: String,
    pub(crate) commit: String,
    pub(crate) machine: String,
    pub(crate) command: String,
    pub(crate) round: usize,
    pub(crate) broker: String,
    pub(crate) load: String,
    pub(crate) figure: String,
    pub(crate) value: f64,
}

/// Writes the rows of one run of one table, each as it is measured.
pub(crate) struct Rows {
    path: PathBuf,
    run: String,
    commit: String,
    machine: String,
    command: String,
}

impl Rows {
    pub(crate) fn begin(directory: &Path, table: &str) -> Result<Self, Failed> {
        let failed = |error| Failed(format!("make {}: {error}", directory.display()));
        fs::create_dir_all(directory).map_err(failed)?;
        let path = directory.join(format!("{table}.tsv"));
        if !path.exists() {
            fs::write(&path, format!("{HEADINGS}\n")).map_err(failed)?;
        }
        let root = project_root().display().to_string();
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        Ok(Self {
            path,
            run: printed("date", &["-u", "+%FT%TZ"]),
            commit: printed("git", &["-C", &root, "describe", "--always", "--dirty"]),
            machine: machine(),
            command: format!("bench {}", arguments.join(" ")),
        })
    }

    /// Keeps a figure, and shows it.
    #[allow(clippy::print_stdout, reason = "a command line program shows what it does")]
    pub(crate) fn add(
        &self,
        round: usize,
        kind: Kind,
        load: &str,
        figure: &str,
        value: f64,
    ) -> Result<(), Failed> {
        println!("  {:<16} {load:<36} {figure:<24} {value:>12.4}", kind.name());
        let Self { run, commit, machine, command, .. } = self;
        let kind = kind.name();
        let line = format!(
            "{run}\t{commit}\t{machine}\t{command}\t{round}\t{kind}\t{load}\t{figure}\t{value:.6}\n"
        );
        let file = OpenOptions::new().append(true).open(&self.path);
        file.and_then(|mut file| file.write_all(line.as_bytes()))
            .map_err(|error| Failed(format!("write {}: {error}", self.path.display())))
    }

    /// Keeps what else the machine did while a figure was measured.
    pub(crate) fn add_window<T>(
        &self,
        round: usize,
        kind: Kind,
        load: &str,
        window: &Window<T>,
    ) -> Result<(), Failed> {
        self.add(round, kind, load, STEAL, window.steal)?;
        self.add(round, kind, load, DISCARDED, f64::from(window.discarded))
    }
}

/// Rows that say how much of a measurement's time others had, and how many were thrown away for that before it.
pub(crate) const STEAL: &str = "steal %";
pub(crate) const DISCARDED: &str = "discarded";

/// The rows of a file; a line that is none is an error that names it.
pub(crate) fn read(path: &Path) -> Result<Vec<Row>, Failed> {
    let text = fs::read_to_string(path)
        .map_err(|error| Failed(format!("read {}: {error}", path.display())))?;
    let rows = text.lines().enumerate().skip(1).map(|(number, line)| {
        parse(line).ok_or_else(|| Failed(format!("{}:{}: no row", path.display(), number + 1)))
    });
    rows.collect()
}

fn parse(line: &str) -> Option<Row> {
    let words: Vec<&str> = line.split('\t').collect();
    let [run, commit, machine, command, round, broker, load, figure, value] = words[..] else {
        return None;
    };
    Some(Row {
        run: run.into(),
        commit: commit.into(),
        machine: machine.into(),
        command: command.into(),
        round: round.parse().ok()?,
        broker: broker.into(),
        load: load.into(),
        figure: figure.into(),
        value: value.parse().ok()?,
    })
}

fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let memory = read("/proc/meminfo");
    let memory = memory.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kilobytes: u64 =
        memory.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default();
    format!(
        "{} × {}, {} GB, Linux {}, {} under the data, Java {}",
        std::thread::available_parallelism().map_or(0, usize::from),
        cpu.map_or("unknown CPU", |(_, model)| model.trim()),
        kilobytes >> 20,
        printed("uname", &["-r"]),
        file_system(),
        printed("sh", &["-c", "java -version 2>&1 | sed -n '1s/[^\"]*\"\\([^\"]*\\)\".*/\\1/p'"]),
    )
}

/// The kind of file system that brokers have their data on.
pub(crate) fn file_system() -> String {
    let directory = std::env::temp_dir().display().to_string();
    printed("stat", &["-f", "-c", "%T", &directory])
}

/// What a command prints, or that it could not be had.
fn printed(program: &str, arguments: &[&str]) -> String {
    let text = Step::new(program).args(arguments).run();
    text.map_or_else(|_| "unknown".into(), |text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_nine_words_is_a_row_and_no_other() {
        let row = parse("t\tc\tm\tx\t2\tOttla, durable\t16 KB\tMB/s\t1.5").unwrap();
        assert_eq!((row.round, row.broker.as_str(), row.value), (2, "Ottla, durable", 1.5));
        assert_eq!(parse("t\tc\tm\tx\tnone\tb\tl\tf\t1.5"), None);
        assert_eq!(parse("t\tc\tm"), None);
    }
}
