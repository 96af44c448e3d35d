//! Commands about groups and transactions where a log directory is gone, and with it the leaders of its partitions.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Instant;

use model::coordinator_partition;
use tempfile::TempDir;
use testkit::Ottla;

use super::{Cluster, DESCRIBE_PATIENCE, PATIENCE, wait_for_leaderless};

/// A node with two log directories, of which the second can be taken away.
struct Halves {
    own: TempDir,
    ottla: Ottla,
    cluster: Cluster,
}

impl Halves {
    fn start() -> Self {
        let own = TempDir::new().unwrap();
        let dirs = format!("{0}/first,{0}/second", own.path().display());
        let ottla =
            Ottla::start_in(&PathBuf::from(dirs), &["offsets.topic.num.partitions=6"]).unwrap();
        let cluster = Cluster(ottla.bootstrap());
        Self { own, ottla, cluster }
    }

    fn is_in_first(&self, partition: &str) -> bool {
        let lies_in = |dir: &str| self.own.path().join(dir).join(partition).exists();
        assert_ne!(lies_in("first"), lies_in("second"), "{partition}");
        lies_in("first")
    }

    /// A stop drains the write-ahead logs, and so shows which partition is where.
    fn restart(&mut self) {
        self.ottla.stop().unwrap();
        self.ottla.restart().unwrap();
    }

    fn lose_second(&self) {
        fs::rename(self.own.path().join("second"), self.own.path().join("away")).unwrap();
    }

    /// What a command says, which must not wait for leaders.
    fn quick(&self, arguments: &[&str]) -> Output {
        let begun = Instant::now();
        let output = self.cluster.output(arguments);
        assert!(begun.elapsed() < DESCRIBE_PATIENCE, "{arguments:?} took {:?}", begun.elapsed());
        output
    }

    fn succeed(&self, arguments: &[&str]) -> (String, String) {
        let output = self.quick(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&output.stdout), text(&output.stderr))
    }

    fn refuse(&self, arguments: &[&str]) -> String {
        let output = self.quick(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}

#[test]
fn groups_transactions_and_the_doctor_do_not_wait_for_partitions_without_a_leader() {
    let mut halves = Halves::start();
    let cluster = &halves.cluster;
    cluster.run(&["topic", "create", "half", "--partitions", "6"]);
    // A partition has its place once it was written to.
    let line = halves.own.path().join("line");
    fs::write(&line, "record\n").unwrap();
    for partition in 0..6 {
        let (number, file) = (partition.to_string(), line.to_str().unwrap());
        cluster.run(&["produce", "half", "--partition", &number, "--file", file]);
    }
    let groups: Vec<String> = (0..12).map(|number| format!("g{number}")).collect();
    for group in &groups {
        cluster.run(&["group", "reset", group, "--topic", "half", "--to", "beginning"]);
    }
    halves.restart();
    let six = NonZeroU32::new(6).unwrap();
    let home = |group: &str| format!("__consumer_offsets-{}", coordinator_partition(group, six));
    let (led, lost): (Vec<&String>, Vec<&String>) =
        groups.iter().partition(|group| halves.is_in_first(&home(group)));
    let (&led, &lost) = (led.first().unwrap(), lost.first().unwrap());
    let gone: Vec<String> = (0..6)
        .map(|it| format!("half-{it}"))
        .filter(|partition| !halves.is_in_first(partition))
        .collect();
    assert!(!gone.is_empty() && gone.len() < 6, "{gone:?}");
    wait_for_leaderless(&halves.cluster, "half", 0);
    halves.lose_second();
    wait_for_leaderless(&halves.cluster, "half", gone.len());

    let (table, said) = halves.succeed(&["group", "describe", led]);
    assert_eq!(table.lines().count(), 7, "{table}");
    assert!(gone.iter().all(|it| said.contains(&format!("{it} has no leader"))), "{said}");
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let is_gone = gone.contains(&format!("{}-{}", cells[1], cells[2]));
        assert_eq!((cells[3], cells[4] == "-"), ("0", is_gone), "{line}");
    }
    let (table, _) = halves.succeed(&["group", "lag", led]);
    assert_eq!(table.lines().count(), 7, "{table}");
    let (table, _) = halves.succeed(&["group", "lag"]);
    assert!(table.contains(&format!("{led} ")), "{table}");
    halves.succeed(&["group", "list"]);
    halves.succeed(&["group", "why", led]);
    let (_, said) = halves.succeed(&["txn", "why", "half"]);
    assert!(gone.iter().all(|it| said.contains(&format!("{it} has no leader"))), "{said}");
    let found = halves.quick(&["doctor"]);
    let text = String::from_utf8_lossy(&found.stdout).into_owned();
    assert!(gone.iter().all(|it| text.contains(&format!("offline partition: {it}"))), "{text}");

    let home = format!("{} has no leader", home(lost));
    for arguments in [
        &["group", "describe", lost][..],
        &["group", "lag", lost],
        &["group", "why", lost],
        &["group", "delete", lost],
    ] {
        let said = halves.refuse(arguments);
        assert!(said.contains(&home), "{arguments:?}: {said}");
    }
    let said = halves.refuse(&["group", "reset", led, "--topic", "half", "--to", "end"]);
    assert!(said.contains("has no leader"), "{said}");
}

/// Lines of each partition, and their size: more than a reader fetches ahead of what it prints.
const LINE_COUNT: usize = 28_000;
const LINE_SIZE: usize = 1_000;

#[test]
fn reading_until_the_end_ends_when_what_is_left_has_lost_its_leader() {
    let mut halves = Halves::start();
    let file = halves.own.path().join("lines");
    let line = format!("{}\n", "x".repeat(LINE_SIZE));
    fs::write(&file, line.repeat(LINE_COUNT)).unwrap();
    halves.cluster.run(&["topic", "create", "big", "--partitions", "2"]);
    for partition in ["0", "1"] {
        let file = file.to_str().unwrap();
        halves.cluster.run(&["produce", "big", "--partition", partition, "--file", file]);
    }
    halves.restart();
    let lost: Vec<_> =
        ["big-0", "big-1"].into_iter().filter(|it| !halves.is_in_first(it)).collect();
    assert_eq!(lost.len(), 1, "one in each directory");
    wait_for_leaderless(&halves.cluster, "big", 0);
    let mut reader = halves.cluster.command(&["consume", "big", "--until-end"]);
    let mut reader = reader.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut printed = BufReader::new(reader.stdout.take().unwrap());
    printed.read_line(&mut String::new()).unwrap();
    // It goes on only as fast as its lines are taken.
    halves.lose_second();
    wait_for_leaderless(&halves.cluster, "big", 1);
    let begun = Instant::now();
    let mut rest = Vec::new();
    printed.read_to_end(&mut rest).unwrap();
    let output = reader.wait_with_output().unwrap();
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(&format!("{} has no leader: it was not read to its end", lost[0])));
    let lines = 1 + rest.iter().filter(|byte| **byte == b'\n').count();
    assert!((LINE_COUNT..2 * LINE_COUNT).contains(&lines), "{lines}");
}
