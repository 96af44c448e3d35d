//! kcat, Debian's package of it: librdkafka from the command line.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use wire::messages::create_topics_request::{CreatableTopic, CreateTopicsRequest};

use crate::compare::Side;
use crate::{Failed, Step};

/// How long a group may take to come to a state.
const GROUP_PATIENCE: Duration = Duration::from_secs(60);
/// First timestamp that librdkafka cannot have made up: it stamps records with the present.
const LONG_AGO_MS: u64 = 1_000_000_000_000;

/// Installs the package where the machine has none.
pub(super) fn prepare() -> Result<(), Failed> {
    if Step::new("kcat").args(["-V"]).run().is_ok() {
        return Ok(());
    }
    let install = ["apt-get", "install", "--yes", "--quiet", "kcat"];
    let as_root = Step::new(install[0]).args(&install[1..]).run();
    as_root.or_else(|_| Step::new("sudo").args(["--non-interactive"]).args(install).run()).map(drop)
}

pub(super) fn run(bootstrap: &str) -> Result<String, Failed> {
    let mut suite = Kcat { bootstrap, produced: 0, consumed: 0, rebalances: 0, topics: 0 };
    suite.metadata()?;
    suite.codecs()?;
    suite.acknowledgements()?;
    suite.places()?;
    suite.partitions_as_java()?;
    suite.refusals()?;
    suite.group()?;
    let Kcat { produced, consumed, rebalances, .. } = suite;
    Ok(format!("SUITE kcat produced={produced} consumed={consumed} rebalances={rebalances}"))
}

fn check(holds: bool, words: impl FnOnce() -> String) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(Failed(words())) }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, wanted: &T) -> Result<(), Failed> {
    check(found == wanted, || format!("{what}: {found:?} instead of {wanted:?}"))
}

struct Kcat<'a> {
    bootstrap: &'a str,
    produced: usize,
    consumed: usize,
    rebalances: usize,
    topics: u32,
}

impl Kcat<'_> {
    fn step(&self, arguments: &[&str]) -> Step {
        Step::new("kcat").args(["-b", self.bootstrap, "-m", "30"]).args(arguments)
    }

    /// A name of its own for each run, so that a shared broker serves.
    fn name(&mut self, kind: &str) -> String {
        self.topics += 1;
        let now = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_millis());
        format!("kcat-{kind}-{now:x}-{}", self.topics)
    }

    fn create(&mut self, kind: &str, partitions: i32) -> Result<String, Failed> {
        let name = self.name(kind);
        let topic = CreatableTopic {
            name: name.clone(),
            num_partitions: partitions,
            replication_factor: 1,
            ..Default::default()
        };
        let request =
            CreateTopicsRequest { topics: vec![topic], timeout_ms: 30_000, ..Default::default() };
        let answer = Side::new(self.bootstrap.to_owned()).call(&request, 7)?;
        let code = answer.and_then(|answer| answer.topics.first().map(|topic| topic.error_code));
        same("creation of a topic", &code, &Some(0))?;
        Ok(name)
    }

    fn produce(&mut self, topic: &str, more: &[&str], lines: &[String]) -> Result<(), Failed> {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        self.step(&["-P", "-t", topic]).args(more).input(text).run()?;
        self.produced += lines.len();
        Ok(())
    }

    /// What a consumer prints that ends at the end of the log, a line each.
    fn consume(&mut self, topic: &str, more: &[&str]) -> Result<Vec<String>, Failed> {
        let printed = self.step(&["-C", "-e", "-q", "-t", topic]).args(more).run()?;
        let lines: Vec<String> = printed.lines().map(str::to_owned).collect();
        self.consumed += lines.len();
        Ok(lines)
    }

    fn metadata(&mut self) -> Result<(), Failed> {
        let topic = self.create("metadata", 3)?;
        let listed = self.step(&["-L"]).run()?;
        check(listed.contains(" 1 brokers:\n"), || format!("one broker:\n{listed}"))?;
        check(listed.contains("(controller)"), || format!("a controller:\n{listed}"))?;
        check(listed.contains(&format!("  topic \"{topic}\" with 3 partitions:\n")), || {
            format!("the topic:\n{listed}")
        })?;
        let json = self.step(&["-L", "-J", "-t", &topic]).run()?;
        same("partitions in JSON", &json.matches("\"leader\":").count(), &3)?;
        let created = self.name("by-itself");
        self.produce(&created, &[], &["first".into()])?;
        same(
            "record of a topic made by itself",
            &self.consume(&created, &[])?,
            &vec!["first".into()],
        )
    }

    fn codecs(&mut self) -> Result<(), Failed> {
        let topic = self.create("codecs", 1)?;
        let mut wanted = Vec::new();
        for codec in ["none", "gzip", "snappy", "lz4", "zstd"] {
            let header = format!("codec={codec}");
            let more = ["-z", codec, "-K", "|", "-H", &header, "-H", "empty=", "-H", "none", "-Z"];
            let pairs =
                (0..200).map(|i| (format!("{codec}-{i}"), format!("{codec} {i} ").repeat(20)));
            let pairs: Vec<(String, String)> = pairs.collect();
            let lines: Vec<String> = pairs.iter().map(|(k, v)| format!("{k}|{v}")).collect();
            self.produce(&topic, &more, &lines)?;
            wanted.extend(
                pairs.into_iter().map(|(k, v)| (k, v, format!("{header},empty=,none=NULL"))),
            );
        }
        let found = self.consume(&topic, &["-o", "beginning", "-f", "%p|%o|%k|%s|%h|%T|\n"])?;
        same("count of records", &found.len(), &wanted.len())?;
        for (offset, ((key, value, headers), line)) in wanted.iter().zip(&found).enumerate() {
            let start = format!("0|{offset}|{key}|{value}|{headers}|");
            let time = line.strip_prefix(&start).and_then(|rest| rest.strip_suffix('|'));
            let time: Option<u64> = time.and_then(|time| time.parse().ok());
            check(time.is_some_and(|time| time > LONG_AGO_MS), || {
                format!("{line} instead of {start}")
            })?;
        }
        Ok(())
    }

    fn acknowledgements(&mut self) -> Result<(), Failed> {
        let topic = self.create("acks", 1)?;
        let mut wanted = 0;
        for setting in ["acks=1", "acks=all", "enable.idempotence=true", "acks=0"] {
            let lines: Vec<String> = (0..500).map(|i| format!("{setting} {i}")).collect();
            self.produce(
                &topic,
                &["-X", setting, "-X", "linger.ms=1", "-X", "batch.num.messages=50"],
                &lines,
            )?;
            wanted += lines.len();
            // Nobody says when a record sent with acks=0 has arrived.
            let end = Instant::now() + GROUP_PATIENCE;
            let mut found = self.consume(&topic, &["-o", "beginning"])?;
            while found.len() < wanted && Instant::now() < end {
                found = self.consume(&topic, &["-o", "beginning"])?;
            }
            same(setting, &found.get(wanted - 500..), &Some(lines.as_slice()))?;
        }
        Ok(())
    }

    /// Beginning, end, an offset, before the end, and by time.
    fn places(&mut self) -> Result<(), Failed> {
        let topic = self.create("places", 1)?;
        self.produce(&topic, &[], &["a".into(), "b".into()])?;
        std::thread::sleep(Duration::from_millis(20));
        self.produce(&topic, &[], &["c".into(), "d".into(), "e".into()])?;
        let times = self.consume(&topic, &["-o", "beginning", "-f", "%T\n"])?;
        let third = times.get(2).cloned().unwrap_or_default();
        let since = format!("s@{third}");
        let until = format!("e@{third}");
        let cases: [(&[&str], &str); 8] = [
            (&["-o", "beginning"], "abcde"),
            (&["-o", "end"], ""),
            (&["-o", "3"], "de"),
            (&["-o", "-2"], "de"),
            (&["-o", &since], "cde"),
            (&["-o", "s@0", "-o", &until], "ab"),
            (&["-o", "1", "-c", "2"], "bc"),
            (&["-o", "s@9999999999999"], ""),
        ];
        for (arguments, wanted) in cases {
            let found = self.consume(&topic, arguments)?.concat();
            same(&arguments.join(" "), &found.as_str(), &wanted)?;
        }
        let query = self.step(&["-Q", "-t", &format!("{topic}:0:{third}")]).run()?;
        same("offset by time", &query, &format!("{topic} [0] offset 2\n"))?;
        let json = self.consume(&topic, &["-J", "-o", "4"])?.concat();
        check(json.contains("\"offset\":4,\"tstype\":\"create\""), || format!("as JSON: {json}"))
    }

    fn partitions_as_java(&mut self) -> Result<(), Failed> {
        let topic = self.create("keys", 12)?;
        let wanted: BTreeMap<String, String> = [
            ("a", 4),
            ("21", 0),
            ("foobar", 6),
            ("a-little-bit-long-string", 8),
            ("a-little-bit-longer-string", 11),
        ]
        .map(|(key, partition)| (key.to_owned(), partition.to_string()))
        .into();
        let lines: Vec<String> = wanted.keys().map(|key| format!("{key}|x")).collect();
        self.produce(&topic, &["-K", "|", "-X", "partitioner=murmur2_random"], &lines)?;
        let printed = self.consume(&topic, &["-f", "%k|%p\n"])?;
        let found = printed.iter().filter_map(|line| line.split_once('|'));
        let found: BTreeMap<String, String> =
            found.map(|(k, p)| (k.to_owned(), p.to_owned())).collect();
        same("partitions of keys", &found, &wanted)
    }

    fn refusals(&mut self) -> Result<(), Failed> {
        let bad = self.step(&["-P", "-t", "bad name!"]).input("x\n").refused()?;
        check(bad.contains("Invalid topic"), || format!("a bad name: {bad}"))?;
        let unknown = self.name("not-there");
        let missing = self.step(&["-C", "-e", "-t", &unknown]).refused()?;
        check(missing.contains("Unknown topic or partition"), || format!("no topic: {missing}"))?;
        let topic = self.create("size", 1)?;
        let large = "x".repeat(1_200_000);
        let more = ["-P", "-t", &topic, "-X", "message.max.bytes=2000000"];
        let refused = self.step(&more).input(large).refused()?;
        check(refused.contains("too large"), || format!("a large record: {refused}"))
    }

    /// Two members share four partitions; one leaves, one is killed, and nothing that was committed is read again.
    fn group(&mut self) -> Result<(), Failed> {
        let (topic, group) = (self.create("group", 4)?, self.name("members"));
        let own = TempDir::new().map_err(|error| Failed(format!("make a directory: {error}")))?;
        let mut members = Vec::new();
        for number in 0..2 {
            members.push(Member::join(self, &own, number, &group, &topic)?);
        }
        until("two members own two each", || {
            members.iter().map(Member::owned).collect::<Vec<_>>() == [Some(2), Some(2)]
        })?;
        let lines: Vec<String> = (0..400).map(|i| format!("k{i}|v{i}")).collect();
        self.produce(&topic, &["-K", "|"], &lines)?;
        until("the group read all", || read(&members) == 400)?;
        members[0].signal("TERM")?;
        until("the member that stayed owns all", || members[1].owned() == Some(4))?;
        members.push(Member::join(self, &own, 2, &group, &topic)?);
        until("the new member has two", || members[2].owned() == Some(2))?;
        members[1].signal("KILL")?;
        until("the survivor owns all", || members[2].owned() == Some(4))?;
        let more: Vec<String> = (400..500).map(|i| format!("k{i}|v{i}")).collect();
        self.produce(&topic, &["-K", "|"], &more)?;
        until("the survivor reads on", || members[2].records().contains(&"v499".to_owned()))?;
        until("all was read", || {
            let mut all: Vec<String> = members.iter().flat_map(Member::records).collect();
            all.sort();
            all.dedup();
            all.len() == 500
        })?;
        members[2].signal("TERM")?;
        self.consumed += read(&members);
        self.rebalances += members.iter().map(Member::rebalances).sum::<usize>();
        let again =
            self.step(&["-G", &group, "-e", "-q"]).args(GROUP_SETTINGS).args([&topic]).run()?;
        same("records after the committed offsets", &again.as_str(), &"")
    }
}

const GROUP_SETTINGS: [&str; 8] = [
    "-X",
    "auto.offset.reset=earliest",
    "-X",
    "session.timeout.ms=6000",
    "-X",
    "auto.commit.interval.ms=200",
    "-X",
    "heartbeat.interval.ms=500",
];

fn until(words: &str, mut holds: impl FnMut() -> bool) -> Result<(), Failed> {
    let end = Instant::now() + GROUP_PATIENCE;
    while !holds() {
        check(Instant::now() < end, || format!("not within {GROUP_PATIENCE:?}: {words}"))?;
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

fn read(members: &[Member]) -> usize {
    members.iter().map(|member| member.records().len()).sum()
}

/// A member of a group that runs beside us and prints into files.
struct Member {
    child: Child,
    records: PathBuf,
    events: PathBuf,
}

impl Member {
    fn join(
        suite: &Kcat<'_>,
        own: &TempDir,
        number: u32,
        group: &str,
        topic: &str,
    ) -> Result<Self, Failed> {
        let file = |kind: &str| -> Result<(PathBuf, File), Failed> {
            let path = own.path().join(format!("{kind}-{number}"));
            let made = File::create(&path);
            made.map(|file| (path.clone(), file))
                .map_err(|error| Failed(format!("make {}: {error}", path.display())))
        };
        let ((records, output), (events, complaints)) = (file("records")?, file("events")?);
        let step = suite.step(&["-u", "-G", group]).args(GROUP_SETTINGS).args([topic]);
        let child = step.spawn(Stdio::from(output), Stdio::from(complaints))?;
        Ok(Self { child, records, events })
    }

    fn records(&self) -> Vec<String> {
        fs::read_to_string(&self.records).unwrap_or_default().lines().map(str::to_owned).collect()
    }

    /// Lines that say what was assigned or revoked.
    fn changes(&self) -> Vec<String> {
        let text = fs::read_to_string(&self.events).unwrap_or_default();
        text.lines().filter(|line| line.contains(" rebalanced ")).map(str::to_owned).collect()
    }

    fn rebalances(&self) -> usize {
        self.changes().iter().filter(|line| line.contains("): assigned:")).count()
    }

    /// How many partitions it owns; `None` between two assignments.
    fn owned(&self) -> Option<usize> {
        let changes = self.changes();
        let (_, list) = changes.last()?.split_once("): assigned:")?;
        Some(list.matches('[').count())
    }

    /// Ends it by a signal and waits.
    fn signal(&mut self, name: &str) -> Result<(), Failed> {
        Step::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).run()?;
        self.child.wait().map(drop).map_err(|error| Failed(format!("wait for kcat: {error}")))
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        // It may be gone already, which is fine here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
