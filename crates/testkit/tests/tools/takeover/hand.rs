use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use testkit::{ApacheKafka, Failed, Step, class_path, project_root, target_directory};

use crate::dump::{self, files};

/// Apache's own Java client, which lives on while the broker behind its address changes: `Takeover.java` says what it can do.
pub(crate) struct Hand {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Hand {
    pub(crate) fn start(address: &str) -> Self {
        static PREPARED: OnceLock<String> = OnceLock::new();
        let path = PREPARED.get_or_init(|| prepare().expect("compile the client"));
        let mut child = Command::new("java")
            .args(["-Xmx256m", "-XX:TieredStopAtLevel=1"])
            // It would be printed between the answers.
            .args(["-Dorg.apache.logging.log4j.level=OFF", "-cp", path, "Takeover", address])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a client");
        let input = child.stdin.take().expect("its input");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        Self { child, input, output }
    }

    /// Has it do something; gives what it printed.
    pub(crate) fn ask(&mut self, command: &str) -> Vec<String> {
        let printed = self.answer(command);
        let failed = printed.iter().find(|line| line.starts_with("! "));
        assert!(failed.is_none(), "{command}: {printed:?}");
        printed
    }

    /// Has it do something that must fail; gives what it said.
    pub(crate) fn refused(&mut self, command: &str) -> String {
        let printed = self.answer(command);
        let failed = printed.iter().find(|line| line.starts_with("! "));
        failed.unwrap_or_else(|| panic!("{command}: {printed:?}")).clone()
    }

    fn answer(&mut self, command: &str) -> Vec<String> {
        writeln!(self.input, "{command}").expect("tell the client");
        let mut printed = Vec::new();
        loop {
            let mut line = String::new();
            let count = self.output.read_line(&mut line).expect("read what the client says");
            assert!(count > 0, "the client ended at '{command}' after {printed:?}");
            match line.trim_end() {
                "." => return printed,
                line => printed.push(line.to_owned()),
            }
        }
    }

    /// What consumers get of these topics: counts and checksums of all that is in the records.
    pub(crate) fn read(&mut self, topics: &[&str]) -> Vec<String> {
        let both = |topic| ["read_uncommitted", "read_committed"].map(|how| (how, topic));
        let reads = topics.iter().flat_map(both);
        reads.flat_map(|(how, topic)| self.ask(&format!("read {how} {topic}"))).collect()
    }
}

/// How the dump tool is to read the logs of topics whose names begin so; others are dumped with all that is in their records.
const DECODERS: &[(&str, &str)] = &[
    ("__consumer_offsets-", "--offsets-decoder"),
    ("__transaction_state-", "--transaction-log-decoder"),
    ("__share_group_state-", "--share-group-state-decoder"),
    ("__cluster_metadata-", "--cluster-metadata-decoder"),
];
/// All kinds of files in a partition's directory that it can read.
const KINDS: &[&str] = &["log", "index", "timeindex", "txnindex", "snapshot", "checkpoint"];

impl Hand {
    /// Apache's dump tool reads every file of the directory and has nothing to complain about. Gives how many files there are
    /// of each kind.
    pub(crate) fn dump_all(&mut self, data: &Path) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        let mut of_decoder: BTreeMap<&str, Vec<PathBuf>> = BTreeMap::new();
        let mut indexes = Vec::new();
        for kind in KINDS {
            for file in files(data, "", kind) {
                *counts.entry((*kind).to_owned()).or_default() += 1;
                let directory = file.parent().and_then(Path::file_name).expect("a directory");
                let directory = directory.to_string_lossy().into_owned();
                // Apache Kafka leaves those of the metadata log with the room that it took for them, and makes them again at
                // each start.
                if ["index", "timeindex"].contains(kind) && directory != "__cluster_metadata-0" {
                    indexes.push(file.clone());
                }
                let decoder = DECODERS.iter().find(|(prefix, _)| directory.starts_with(prefix));
                let decoder = decoder.map_or("--print-data-log", |(_, decoder)| *decoder);
                of_decoder.entry(decoder).or_default().push(file);
            }
        }
        for (decoder, files) in of_decoder {
            self.dump(&files, &["--deep-iteration", decoder]);
        }
        self.dump(&indexes, &["--index-sanity-check"]);
        counts
    }

    fn dump(&mut self, files: &[PathBuf], options: &[&str]) {
        let list: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        let command = format!("dump {} --files {}", options.join(" "), list.join(","));
        dump::check(&self.ask(&command).join("\n"), files, options);
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        // It may have ended, which is fine here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn prepare() -> Result<String, Failed> {
    let jars = class_path(&ApacheKafka::tool_jars()?);
    let classes = target_directory().join("clients/takeover");
    fs::create_dir_all(&classes).map_err(|error| Failed(format!("make {classes:?}: {error}")))?;
    let source = project_root().join("tests/clients/tools/src/Takeover.java");
    Step::new("javac").args(["-cp", &jars, "-d"]).args([&classes]).args([source]).run()?;
    Ok(format!("{jars}:{}", classes.display()))
}
