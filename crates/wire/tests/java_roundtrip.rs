//! Every message in every version against Apache Kafka's own classes, byte for byte. Needs Java 17 and Maven, and fails
//! without them.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test may")]

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::{fs, io};

use bytes::Bytes;
use model::SeededRandom;
use wire::schema::{MESSAGES, MessageSchema, random_bytes};

/// Random messages of each version and direction.
const ROUNDS: u64 = 12;

#[test]
fn every_message_and_version_has_the_bytes_of_java() {
    let mut java = Java::start();
    let mut random = SeededRandom::new(20);
    let (mut pairs, mut refusals) = (0, 0);
    // Java has not heard of Ottla's own.
    for schema in MESSAGES.iter().filter(|schema| !schema.name.starts_with("Ottla")) {
        for version in schema.versions.iter() {
            pairs += 1;
            java.check_default(schema, version);
            for _ in 0..ROUNDS {
                java.check_ours(schema, version, &mut random);
                java.check_theirs(schema, version, &mut random);
                let other = pick(schema, &mut random);
                refusals += java.check_translation(schema, version, other, &mut random);
            }
        }
    }
    assert!(refusals > 100, "{refusals}");
    println!("{pairs} pairs of message and version have the bytes of Java, both ways");
    assert_eq!(pairs, 755);
}

fn pick(schema: &MessageSchema, random: &mut SeededRandom) -> i16 {
    let count = u64::try_from(schema.versions.iter().count()).unwrap();
    schema.versions.min + i16::try_from(random.below(count)).unwrap()
}

/// What Java says: bytes, or why it has none.
type Answer = Result<Vec<u8>, String>;

struct Java {
    process: Child,
    input: ChildStdin,
    output: ChildStdout,
}

impl Java {
    fn start() -> Self {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/java/roundtrip");
        let mut process = Command::new("java")
            .args(["-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", &class_path(&project)])
            .arg(project.join("RoundTrip.java"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("this test needs Java 17: {error}"));
        let (input, output) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        Self { process, input, output }
    }

    /// Asks in the form that RoundTrip.java describes.
    fn ask(&mut self, kind: u8, schema: &MessageSchema, from: i16, to: i16, data: &[u8]) -> Answer {
        let name = java_class(schema);
        let mut question = vec![kind];
        question.extend(u16::try_from(name.len()).unwrap().to_be_bytes());
        question.extend(name.as_bytes());
        question.extend(from.to_be_bytes());
        question.extend(to.to_be_bytes());
        question.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        question.extend(data);
        self.exchange(&question).unwrap_or_else(|error| panic!("Java is gone at {name}: {error}"))
    }

    fn exchange(&mut self, question: &[u8]) -> io::Result<Answer> {
        self.input.write_all(question)?;
        self.input.flush()?;
        let mut head = [0; 5];
        self.output.read_exact(&mut head)?;
        let [refused, size @ ..] = head;
        let mut bytes = vec![0; usize::try_from(u32::from_be_bytes(size)).unwrap()];
        self.output.read_exact(&mut bytes)?;
        Ok(if refused == 0 { Ok(bytes) } else { Err(String::from_utf8_lossy(&bytes).into_owned()) })
    }

    /// A message nobody touched is encoded, or refused, as Java's is.
    fn check_default(&mut self, schema: &MessageSchema, version: i16) {
        let theirs = self.ask(b'D', schema, version, version, &[]);
        let ours = (schema.encode_default)(version);
        assert_eq!(
            ours.clone().ok(),
            theirs.clone().ok(),
            "{} {version}: {ours:?} {theirs:?}",
            schema.name
        );
    }

    /// Java reads our bytes and writes them again.
    fn check_ours(&mut self, schema: &MessageSchema, version: i16, random: &mut SeededRandom) {
        let data = random_bytes(schema, version, random);
        let ours = schema.recode(&Bytes::from(data.clone()), version);
        assert_eq!(ours.as_ref(), Ok(&data), "{} {version}", schema.name);
        let theirs = self.ask(b'T', schema, version, version, &data);
        assert_eq!(theirs, Ok(data), "{} {version}", schema.name);
    }

    /// We read Java's bytes and write them again.
    fn check_theirs(&mut self, schema: &MessageSchema, version: i16, random: &mut SeededRandom) {
        let seed = random.next_u64().to_be_bytes();
        let theirs = Bytes::from(self.ask(b'R', schema, version, version, &seed).unwrap());
        let ours = schema.recode(&theirs, version);
        assert_eq!(ours, Ok(theirs.to_vec()), "{} {version}", schema.name);
    }

    /// A message of one version is written in another, or refused, as by Java. Gives the number of refusals.
    fn check_translation(
        &mut self,
        schema: &MessageSchema,
        from: i16,
        to: i16,
        random: &mut SeededRandom,
    ) -> u32 {
        let data = random_bytes(schema, from, random);
        let theirs = self.ask(b'T', schema, from, to, &data);
        let ours = (schema.translate)(&Bytes::from(data), from, to);
        let same = ours.as_ref().ok() == theirs.as_ref().ok();
        let reasons = || (ours.as_ref().err(), theirs.as_ref().err());
        assert!(same, "{} {from} to {to}: {:?}", schema.name, reasons());
        u32::from(ours.is_err())
    }
}

impl Drop for Java {
    fn drop(&mut self) {
        // It has nothing to lose, and may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn java_class(schema: &MessageSchema) -> String {
    let name = schema.name;
    match schema.group {
        "api" | "header" => format!("org.apache.kafka.common.message.{name}Data"),
        "client" | "control" => format!("org.apache.kafka.common.message.{name}"),
        "metadata" => format!("org.apache.kafka.common.metadata.{name}"),
        "raft" => format!("org.apache.kafka.raft.generated.{name}"),
        "storage" => {
            format!("org.apache.kafka.server.log.remote.metadata.storage.generated.{name}")
        }
        "streams" => format!("org.apache.kafka.streams.internals.generated.{name}"),
        coordinator => format!("org.apache.kafka.coordinator.{coordinator}.generated.{name}"),
    }
}

/// The jars that Maven resolves for the project's pom; asked for again only when the pom changed or a jar is gone.
fn class_path(project: &Path) -> String {
    let pom = fs::read_to_string(project.join("pom.xml")).unwrap();
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("java_roundtrip");
    fs::create_dir_all(&cache).unwrap();
    let (pom_copy, list) = (cache.join("pom.xml"), cache.join("classpath"));
    let known = fs::read_to_string(&list).unwrap_or_default();
    let present = !known.is_empty() && known.split(':').all(|jar| PathBuf::from(jar).exists());
    if present && fs::read_to_string(&pom_copy).is_ok_and(|copy| copy == pom) {
        return known;
    }
    fs::write(&pom_copy, &pom).unwrap();
    let status = Command::new("mvn")
        .args(["-q", "-B", "-f"])
        .arg(&pom_copy)
        .arg("org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath")
        .arg(format!("-Dmdep.outputFile={}", list.display()))
        .stdout(Stdio::null())
        .status();
    match status {
        Ok(status) if status.success() => fs::read_to_string(&list).unwrap(),
        Ok(status) => panic!("mvn cannot resolve {}: {status}", project.display()),
        Err(error) => panic!("this test needs Maven: {error}"),
    }
}
