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

/// A single node (broker and controller); killed when dropped.
pub struct ApacheKafka {
    child: Option<Child>,
    spawned: Instant,
    port: u16,
    flags: Vec<String>,
    /// Settings that its own file does not have.
    overrides: Vec<String>,
    data: PathBuf,
    own: TempDir,
}

/// Who votes in the metadata quorum.
#[derive(Clone, Copy)]
enum Voters {
    /// As the settings say: kraft.version 0.
    Static,
    /// As the metadata log says: kraft.version 1.
    Dynamic,
}

impl ApacheKafka {
    /// Formats and starts a node with `settings` as `name=value` beside what a single node needs. `{own}` in a value is a
    /// directory that only this node has: `log.dirs` is `{own}/data` where nobody says otherwise.
    pub fn start(settings: &[&str]) -> Result<Self, Failed> {
        Self::start_with(&["-Xmx512m"], settings)
    }

    /// As [`Self::start`], with these flags of the JVM.
    pub fn start_with(flags: &[&str], settings: &[&str]) -> Result<Self, Failed> {
        // Ottla finalises it at 0 too; at 1 Kafka writes a setting of its own for all brokers.
        let features = ["--feature", "eligible.leader.replicas.version=0"];
        let mut kafka = Self::prepare(flags, settings, Voters::Static)?;
        kafka.format(&features)?;
        kafka.restart()?;
        Ok(kafka)
    }

    /// As [`Self::start_with`], on a data directory that the caller keeps.
    pub fn start_in(data: &Path, flags: &[&str], settings: &[&str]) -> Result<Self, Failed> {
        let mut kafka = Self::prepare_in(Some(data), flags, settings, Voters::Static)?;
        kafka.format(&["--feature", "eligible.leader.replicas.version=0"])?;
        kafka.restart()?;
        Ok(kafka)
    }

    /// Only the settings, for a node on a data directory that is formatted already, such as a copy of another node's that
    /// was started in the same way. [`Self::restart`] starts it, or Ottla is started for it.
    pub fn on(data: &Path, flags: &[&str], settings: &[&str]) -> Result<Self, Failed> {
        Self::prepare_in(Some(data), flags, settings, Voters::Static)
    }

    /// As [`Self::start`], with the metadata of an older release, such as `3.9`.
    pub fn start_at_release(release: &str, settings: &[&str]) -> Result<Self, Failed> {
        let mut kafka = Self::prepare(&["-Xmx512m"], settings, Voters::Static)?;
        kafka.format(&["--release-version", release])?;
        kafka.restart()?;
        Ok(kafka)
    }

    /// Formats and starts a node as Kafka's own documents say: voters in the metadata log, all features at their defaults.
    /// `overrides` are settings that only this program is given, not whoever takes its file.
    pub fn start_as_shipped(settings: &[&str], overrides: &[&str]) -> Result<Self, Failed> {
        let mut kafka = Self::unformatted(settings)?;
        overrides.iter().for_each(|setting| kafka.override_setting(setting));
        kafka.format(&["--standalone"])?;
        kafka.restart()?;
        Ok(kafka)
    }

    /// Only the settings, for voters in the metadata log: somebody else formats the directory. [`Self::restart`] starts it.
    pub fn unformatted(settings: &[&str]) -> Result<Self, Failed> {
        Self::prepare(&["-Xmx512m"], settings, Voters::Dynamic)
    }

    /// Only this program is given the setting, from its next start on, and not whoever takes its file.
    pub fn override_setting(&mut self, setting: &str) {
        self.overrides.push(setting.to_owned());
    }

    fn prepare(flags: &[&str], settings: &[&str], voters: Voters) -> Result<Self, Failed> {
        Self::prepare_in(None, flags, settings, voters)
    }

    fn prepare_in(
        data: Option<&Path>,
        flags: &[&str],
        settings: &[&str],
        voters: Voters,
    ) -> Result<Self, Failed> {
        let own =
            TempDir::new().map_err(|error| Failed(format!("make a data directory: {error}")))?;
        let (port, controller) = (free_port()?, free_port()?);
        let data = data.map_or_else(|| own.path().join("data"), Path::to_owned);
        let file = own.path().join("server.properties");
        fs::write(&file, properties((own.path(), &data), (port, controller), voters, settings))
            .map_err(|error| Failed(format!("write {}: {error}", file.display())))?;
        let flags: Vec<String> = flags.iter().map(ToString::to_string).collect();
        let overrides = Vec::new();
        Ok(Self { child: None, spawned: Instant::now(), port, flags, overrides, data, own })
    }

    fn format(&self, options: &[&str]) -> Result<(), Failed> {
        let path = class_path(&Self::broker_jars()?);
        Step::new("java")
            .args(["-cp", &path, "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID])
            .args(options)
            .args(["-c"])
            .args([self.properties()])
            .run()?;
        Ok(())
    }

    /// SIGKILL, as a crash would be.
    pub fn kill(&mut self) -> Result<(), Failed> {
        let Some(child) = &mut self.child else { return Ok(()) };
        child
            .kill()
            .and_then(|()| child.wait())
            .map_err(|error| Failed(format!("kill Apache Kafka: {error}")))?;
        Ok(())
    }

    /// SIGTERM, and waits for the end.
    pub fn stop(&mut self) -> Result<(), Failed> {
        let Some(child) = &mut self.child else { return Ok(()) };
        Step::new("kill").args(["-TERM", &child.id().to_string()]).run()?;
        child.wait().map_err(|error| Failed(format!("wait for Apache Kafka: {error}")))?;
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
        let child = self.java()?.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.child = Some(child.map_err(|error| Failed(format!("start Apache Kafka: {error}")))?);
        Ok(())
    }

    /// Starts where it must refuse to; gives what it said.
    pub fn refused(&self) -> Result<String, Failed> {
        let output = self
            .java()?
            .output()
            .map_err(|error| Failed(format!("start Apache Kafka: {error}")))?;
        let words = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        if output.status.success() {
            return Err(Failed(format!("it ended as if all were well: {words}")));
        }
        Ok(words)
    }

    fn java(&self) -> Result<Command, Failed> {
        let mut command = Command::new("java");
        command
            .args(&self.flags)
            .args(["-cp", &class_path(&Self::broker_jars()?), "kafka.Kafka"])
            .arg(self.properties())
            .args(self.overrides.iter().flat_map(|setting| ["--override", setting]))
            .stdin(Stdio::null());
        Ok(command)
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

    /// Of the process that was started last; 0 before the first.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().map_or(0, Child::id)
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
        let _ = self.kill();
    }
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

fn properties(
    (own, data): (&Path, &Path),
    (port, controller): (u16, u16),
    voters: Voters,
    settings: &[&str],
) -> String {
    let voters = match voters {
        Voters::Static => format!("controller.quorum.voters=1@127.0.0.1:{controller}"),
        Voters::Dynamic => format!("controller.quorum.bootstrap.servers=127.0.0.1:{controller}"),
    };
    let own_dirs = settings.iter().any(|setting| setting.starts_with("log.dirs="));
    let log_dirs = if own_dirs { String::new() } else { format!("log.dirs={}\n", data.display()) };
    let mut text = format!(
        "process.roles=broker,controller\nnode.id=1\n{voters}\n\
         listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}\n\
         advertised.listeners=PLAINTEXT://127.0.0.1:{port}\ncontroller.listener.names=CONTROLLER\n\
         listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT\n{log_dirs}\
         offsets.topic.replication.factor=1\ntransaction.state.log.replication.factor=1\n\
         transaction.state.log.min.isr=1\nshare.coordinator.state.topic.replication.factor=1\n\
         share.coordinator.state.topic.min.isr=1\n"
    );
    for setting in settings {
        text += setting;
        text.push('\n');
    }
    text.replace("{own}", &own.display().to_string())
}
