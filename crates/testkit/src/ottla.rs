//! An Ottla process on a free port with its own data directory.

use std::io::{Read, Seek, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::place::is_served;
use crate::{ApacheKafka, Failed, free_port, target_directory};

/// How long a start may take, recovery included.
const START_PATIENCE: Duration = Duration::from_secs(30);

/// A running broker; killed when dropped.
pub struct Ottla {
    child: Child,
    spawned: Instant,
    port: u16,
    /// Of metrics and health; `None` when they are off.
    http: Option<u16>,
    data: PathBuf,
    /// A file of settings that says where it listens and where its data are.
    file: Option<PathBuf>,
    settings: Vec<String>,
    wrapper: Vec<String>,
    _own: TempDir,
}

impl Ottla {
    /// Starts the built [`program`] with `settings` as `name=value`.
    pub fn start(settings: &[&str]) -> Result<Self, Failed> {
        Self::start_through(&[], None, settings)
    }

    /// Starts it on a data directory that the caller keeps.
    pub fn start_in(data: &Path, settings: &[&str]) -> Result<Self, Failed> {
        Self::start_through(&[], Some(data), settings)
    }

    /// Starts it as the last arguments of `wrapper`, such as `prlimit --fsize=…`, which must not fork.
    pub fn start_through(
        wrapper: &[&str],
        data: Option<&Path>,
        settings: &[&str],
    ) -> Result<Self, Failed> {
        let own =
            TempDir::new().map_err(|error| Failed(format!("make a data directory: {error}")))?;
        let data = data.map_or_else(|| own.path().join("data"), Path::to_owned);
        let settings: Vec<String> = settings.iter().map(ToString::to_string).collect();
        let wrapper: Vec<String> = wrapper.iter().map(ToString::to_string).collect();
        let (port, http) = (free_port()?, free_port()?);
        let spawned = Instant::now();
        let child = command(&wrapper, &data, [port, http], &settings)?.spawn();
        let mut ottla = Self {
            child: child.map_err(|error| Failed(format!("start Ottla: {error}")))?,
            spawned,
            port,
            http: Some(http),
            data,
            file: None,
            settings,
            wrapper,
            _own: own,
        };
        ottla.wait()?;
        Ok(ottla)
    }

    /// Starts it in the place of an Apache Kafka that has ended: with its settings, on its data, at its port.
    pub fn start_for(kafka: &ApacheKafka) -> Result<Self, Failed> {
        let own = TempDir::new().map_err(|error| Failed(format!("make a directory: {error}")))?;
        let spawned = Instant::now();
        let child = command_with_file(&kafka.properties())?.spawn();
        let mut ottla = Self {
            child: child.map_err(|error| Failed(format!("start Ottla: {error}")))?,
            spawned,
            port: kafka.port(),
            http: None,
            data: kafka.data(),
            file: Some(kafka.properties()),
            settings: Vec::new(),
            wrapper: Vec::new(),
            _own: own,
        };
        ottla.wait()?;
        Ok(ottla)
    }

    /// Starts it where it must refuse to; gives what it said.
    pub fn refused(data: &Path, settings: &[&str]) -> Result<String, Failed> {
        let settings: Vec<String> = settings.iter().map(ToString::to_string).collect();
        refusal(command(&[], data, [free_port()?, free_port()?], &settings)?)
    }

    /// As [`Self::refused`], in the place of an Apache Kafka that has ended.
    pub fn refused_for(kafka: &ApacheKafka) -> Result<String, Failed> {
        refusal(command_with_file(&kafka.properties())?)
    }

    pub fn bootstrap(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub const fn port(&self) -> u16 {
        self.port
    }

    /// What a page of metrics or health says, such as `/health/ready`.
    pub fn page(&self, path: &str) -> Result<String, Failed> {
        let http = self.http.ok_or_else(|| Failed("metrics and health are off".to_owned()))?;
        let failed = |error| Failed(format!("read {path}: {error}"));
        let mut stream = TcpStream::connect(("127.0.0.1", http)).map_err(failed)?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .map_err(failed)?;
        let mut page = String::new();
        stream.read_to_string(&mut page).map_err(failed)?;
        Ok(page)
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// When its process was made.
    pub const fn spawned(&self) -> Instant {
        self.spawned
    }

    /// SIGKILL, as a crash would be.
    pub fn kill(&mut self) -> Result<(), Failed> {
        self.child
            .kill()
            .and_then(|()| self.child.wait())
            .map_err(|error| Failed(format!("kill the broker: {error}")))?;
        Ok(())
    }

    /// SIGTERM, and waits for the end; the exit must be a success.
    pub fn stop(&mut self) -> Result<(), Failed> {
        crate::Step::new("kill").args(["-TERM", &self.child.id().to_string()]).run()?;
        let status =
            self.child.wait().map_err(|error| Failed(format!("wait for the broker: {error}")))?;
        if status.success() {
            Ok(())
        } else {
            Err(Failed(format!("the broker ended with {status}")))
        }
    }

    /// Starts again on the same data and the same port.
    pub fn restart(&mut self) -> Result<(), Failed> {
        self.spawn()?;
        self.wait()
    }

    /// As [`Self::restart`], and does not wait until it serves.
    pub fn spawn(&mut self) -> Result<(), Failed> {
        self.spawned = Instant::now();
        let mut command = match &self.file {
            Some(file) => command_with_file(file)?,
            None => {
                let http = self.http.map_or_else(free_port, Ok)?;
                command(&self.wrapper, &self.data, [self.port, http], &self.settings)?
            }
        };
        let child = command.spawn();
        self.child = child.map_err(|error| Failed(format!("start Ottla: {error}")))?;
        Ok(())
    }

    /// Waits until it serves or has ended.
    fn wait(&mut self) -> Result<(), Failed> {
        let end = Instant::now() + START_PATIENCE;
        while !is_served(self.port) {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(Failed(format!("Ottla ended with {status} at its start")));
            }
            if Instant::now() > end {
                return Err(Failed(format!("Ottla does not serve after {START_PATIENCE:?}")));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }
}

impl Drop for Ottla {
    fn drop(&mut self) {
        // The process may be gone already, which is fine here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What it says before it ends, which must be with a failure.
fn refusal(mut command: Command) -> Result<String, Failed> {
    let output = tempfile::tempfile()
        .and_then(|file| Ok((file.try_clone()?, file.try_clone()?, file)))
        .map_err(|error| Failed(format!("make a file for its words: {error}")))?;
    let (out, err, mut said) = output;
    let mut child = command
        .stdout(out)
        .stderr(err)
        .spawn()
        .map_err(|error| Failed(format!("start Ottla: {error}")))?;
    let end = Instant::now() + START_PATIENCE;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Some(status),
            Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(10)),
            Ok(None) | Err(_) => break None,
        }
    };
    // It may be gone already, which is fine here.
    let _ = child.kill();
    let _ = child.wait();
    let mut words = String::new();
    said.rewind()
        .and_then(|()| said.read_to_string(&mut words))
        .map_err(|error| Failed(format!("read its words: {error}")))?;
    match status {
        Some(status) if !status.success() => Ok(words),
        Some(_) => Err(Failed(format!("it ended as if all were well: {words}"))),
        None => Err(Failed(format!("it did not end: {words}"))),
    }
}

fn command(
    wrapper: &[String],
    data: &Path,
    [port, http]: [u16; 2],
    settings: &[String],
) -> Result<Command, Failed> {
    let binary = program()?;
    let mut command = match wrapper.split_first() {
        None => Command::new(&binary),
        Some((program, arguments)) => {
            let mut command = Command::new(program);
            command.args(arguments).arg(&binary);
            command
        }
    };
    command.arg("start").arg("--data").arg(data).arg("--listen").arg(format!("127.0.0.1:{port}"));
    command.arg("--http").arg(format!("127.0.0.1:{http}"));
    for setting in settings {
        command.arg("--set").arg(setting);
    }
    command.stdin(Stdio::null());
    if std::env::var_os("OTTLA_LOG").is_none() {
        command.stdout(Stdio::null());
    }
    Ok(command)
}

fn command_with_file(file: &Path) -> Result<Command, Failed> {
    let mut command = Command::new(program()?);
    command.arg("start").arg("--config").arg(file);
    command.args(["--http", "off"]).stdin(Stdio::null());
    if std::env::var_os("OTTLA_LOG").is_none() {
        command.stdout(Stdio::null());
    }
    Ok(command)
}

/// The program as it was built: `OTTLA_BINARY`, else the release build, else the debug build.
pub fn program() -> Result<PathBuf, Failed> {
    if let Some(given) = std::env::var_os("OTTLA_BINARY") {
        return Ok(given.into());
    }
    let built = ["release", "debug"].map(|profile| target_directory().join(profile).join("ottla"));
    let found = built.into_iter().find(|path| path.exists());
    found.ok_or_else(|| Failed("build the program first: cargo build --release".into()))
}
