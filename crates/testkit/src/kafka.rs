//! An Apache Kafka process beside us, fetched from Maven, as the reference that answers are compared with.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::{Failed, Step, free_port, target_directory, wait_for_port};

/// The release whose behaviour is the measure.
pub const KAFKA_VERSION: &str = "4.4.0";
/// The newest release whose command line tools are published.
pub const KAFKA_TOOLS_VERSION: &str = "4.3.1";
const LOG4J_VERSION: &str = "2.25.1";
const CLUSTER_ID: &str = "T3R0bGEtY29tcGFyZS1pZA";

/// How long a start may take, recovery included.
const START_PATIENCE: Duration = Duration::from_secs(120);

/// A running single node (broker and controller); killed when dropped.
pub struct ApacheKafka {
    child: Child,
    spawned: Instant,
    port: u16,
    flags: Vec<String>,
    data: PathBuf,
    own: TempDir,
}

impl ApacheKafka {
    /// Formats and starts a node with `settings` as `name=value` beside what a single node needs.
    pub fn start(settings: &[&str]) -> Result<Self, Failed> {
        Self::start_with(&["-Xmx512m"], settings)
    }

    /// As [`Self::start`], with these flags of the JVM.
    pub fn start_with(flags: &[&str], settings: &[&str]) -> Result<Self, Failed> {
        // Ottla finalises it at 0 too; at 1 Kafka writes a setting of its own for all brokers.
        Self::start_formatted(None, flags, settings, &["eligible.leader.replicas.version=0"])
    }

    /// As [`Self::start_with`], on a data directory that the caller keeps.
    pub fn start_in(data: &Path, flags: &[&str], settings: &[&str]) -> Result<Self, Failed> {
        let features = ["eligible.leader.replicas.version=0"];
        Self::start_formatted(Some(data), flags, settings, &features)
    }

    /// As [`Self::start`], with all features that a cluster can do without at 0.
    pub fn start_without_features(settings: &[&str]) -> Result<Self, Failed> {
        let names = ["eligible.leader.replicas", "group", "transaction", "share", "streams"];
        let features = names.map(|name| format!("{name}.version=0"));
        Self::start_formatted(
            None,
            &["-Xmx512m"],
            settings,
            &features.each_ref().map(String::as_str),
        )
    }

    fn start_formatted(
        data: Option<&Path>,
        flags: &[&str],
        settings: &[&str],
        features: &[&str],
    ) -> Result<Self, Failed> {
        let jars = Self::broker_jars()?;
        let own =
            TempDir::new().map_err(|error| Failed(format!("make a data directory: {error}")))?;
        let (port, controller) = (free_port()?, free_port()?);
        let data = data.map_or_else(|| own.path().join("data"), Path::to_owned);
        let file = own.path().join("server.properties");
        fs::write(&file, properties(&data, port, controller, settings))
            .map_err(|error| Failed(format!("write {}: {error}", file.display())))?;
        let path = class_path(&jars);
        Step::new("java")
            .args(["-cp", &path, "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID])
            .args(features.iter().flat_map(|feature| ["--feature", feature]))
            .args(["-c"])
            .args([&file])
            .run()?;
        let flags: Vec<String> = flags.iter().map(ToString::to_string).collect();
        let spawned = Instant::now();
        let child = spawn(own.path(), &flags)?;
        let kafka = Self { child, spawned, port, flags, data, own };
        wait_for_port(port, START_PATIENCE)?;
        Ok(kafka)
    }

    /// SIGKILL, as a crash would be.
    pub fn kill(&mut self) -> Result<(), Failed> {
        self.child
            .kill()
            .and_then(|()| self.child.wait())
            .map_err(|error| Failed(format!("kill Apache Kafka: {error}")))?;
        Ok(())
    }

    /// SIGTERM, and waits for the end.
    pub fn stop(&mut self) -> Result<(), Failed> {
        Step::new("kill").args(["-TERM", &self.child.id().to_string()]).run()?;
        self.child.wait().map_err(|error| Failed(format!("wait for Apache Kafka: {error}")))?;
        Ok(())
    }

    /// Starts again on the same data and the same port, once the process has ended.
    pub fn restart(&mut self) -> Result<(), Failed> {
        self.spawn()?;
        wait_for_port(self.port, START_PATIENCE)
    }

    /// As [`Self::restart`], and does not wait until it listens.
    pub fn spawn(&mut self) -> Result<(), Failed> {
        self.spawned = Instant::now();
        self.child = spawn(self.own.path(), &self.flags)?;
        Ok(())
    }

    /// Starts where it must refuse to; gives what it said.
    pub fn refused(&self) -> Result<String, Failed> {
        let output = java(self.own.path(), &self.flags)?
            .output()
            .map_err(|error| Failed(format!("start Apache Kafka: {error}")))?;
        let words = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        if output.status.success() {
            return Err(Failed(format!("it ended as if all were well: {words}")));
        }
        Ok(words)
    }

    /// Its settings, for another program that takes the same.
    pub fn properties(&self) -> PathBuf {
        self.own.path().join("server.properties")
    }

    pub fn bootstrap(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub const fn port(&self) -> u16 {
        self.port
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// When its process was made, after formatting.
    pub const fn spawned(&self) -> Instant {
        self.spawned
    }

    /// Its log directory.
    pub fn data(&self) -> PathBuf {
        self.data.clone()
    }

    /// The broker's class path.
    pub fn broker_jars() -> Result<PathBuf, Failed> {
        resolve("kafka", &[("org.apache.kafka", "kafka_2.13", KAFKA_VERSION)])
    }

    /// The class path of the command line tools, console and perf clients.
    pub fn tool_jars() -> Result<PathBuf, Failed> {
        // kafka-configs lies beside the broker in this release.
        let packages = ["kafka-tools", "kafka_2.13"];
        resolve(
            "kafka-tools",
            &packages.map(|name| ("org.apache.kafka", name, KAFKA_TOOLS_VERSION)),
        )
    }
}

impl Drop for ApacheKafka {
    fn drop(&mut self) {
        // The process may be gone already, which is fine here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(own: &Path, flags: &[String]) -> Result<Child, Failed> {
    let child = java(own, flags)?.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    child.map_err(|error| Failed(format!("start Apache Kafka: {error}")))
}

fn java(own: &Path, flags: &[String]) -> Result<Command, Failed> {
    let mut command = Command::new("java");
    command
        .args(flags)
        .args(["-cp", &class_path(&ApacheKafka::broker_jars()?), "kafka.Kafka"])
        .arg(own.join("server.properties"))
        .stdin(Stdio::null());
    Ok(command)
}

/// Every jar in `directory`, as Java writes it.
pub fn class_path(directory: &Path) -> String {
    format!("{}/*", directory.display())
}

/// Fetches packages and what they need at run time into `target/maven/<name>`, once; of several tests that ask at the
/// same time one does it and the others wait.
fn resolve(name: &str, packages: &[(&str, &str, &str)]) -> Result<PathBuf, Failed> {
    let directory = target_directory().join("maven").join(name);
    let jars = directory.join("jars");
    let pom = project_object_model(packages);
    let stamp = directory.join("pom.xml");
    let is_there = || fs::read_to_string(&stamp).is_ok_and(|there| there == pom) && jars.is_dir();
    if is_there() {
        return Ok(jars);
    }
    let failed = |error| Failed(format!("prepare {}: {error}", directory.display()));
    fs::create_dir_all(&directory).map_err(failed)?;
    let lock = File::create(directory.join("lock")).map_err(failed)?;
    lock.lock().map_err(failed)?;
    if is_there() {
        return Ok(jars);
    }
    // The stamp is written last, so that a run cut short fetches again.
    let request = directory.join("request.xml");
    fs::write(&request, &pom).map_err(failed)?;
    Step::new("mvn")
        .args(["-q", "-B", "-f"])
        .args([&request])
        .args(["dependency:copy-dependencies", "-DincludeScope=runtime"])
        .args([format!("-DoutputDirectory={}", jars.display())])
        .run()?;
    fs::write(&stamp, pom).map_err(failed)?;
    Ok(jars)
}

fn project_object_model(packages: &[(&str, &str, &str)]) -> String {
    let log4j = ["log4j-api", "log4j-core", "log4j-slf4j-impl"];
    let log4j = log4j.map(|artifact| ("org.apache.logging.log4j", artifact, LOG4J_VERSION));
    let mut text = String::from(
        "<project><modelVersion>4.0.0</modelVersion><groupId>ottla</groupId><artifactId>testkit</artifactId>\
         <version>1</version><packaging>pom</packaging><dependencies>",
    );
    for (group, artifact, version) in packages.iter().chain(&log4j) {
        text += &format!(
            "<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version></dependency>"
        );
    }
    text + "</dependencies></project>"
}

fn properties(data: &Path, port: u16, controller: u16, settings: &[&str]) -> String {
    let mut text = format!(
        "process.roles=broker,controller\nnode.id=1\ncontroller.quorum.voters=1@127.0.0.1:{controller}\n\
         listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}\n\
         advertised.listeners=PLAINTEXT://127.0.0.1:{port}\ncontroller.listener.names=CONTROLLER\n\
         listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT\nlog.dirs={}\n\
         offsets.topic.replication.factor=1\ntransaction.state.log.replication.factor=1\n\
         transaction.state.log.min.isr=1\nshare.coordinator.state.topic.replication.factor=1\n\
         share.coordinator.state.topic.min.isr=1\n",
        data.display()
    );
    for setting in settings {
        text += setting;
        text.push('\n');
    }
    text
}
