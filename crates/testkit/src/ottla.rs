//! An Ottla process on a free port with its own data directory.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::{Failed, free_port, target_directory, wait_for_port};

/// A running broker; killed when dropped.
pub struct Ottla {
    child: Child,
    port: u16,
    data: PathBuf,
    settings: Vec<String>,
    _own: TempDir,
}

impl Ottla {
    /// Starts the built program (`OTTLA_BINARY`, else the release build, else the debug build) with `settings` as `name=value`.
    pub fn start(settings: &[&str]) -> Result<Self, Failed> {
        let own =
            TempDir::new().map_err(|error| Failed(format!("make a data directory: {error}")))?;
        let data = own.path().join("data");
        let settings: Vec<String> = settings.iter().map(ToString::to_string).collect();
        let port = free_port()?;
        let child = spawn(&data, port, &settings)?;
        let ottla = Self { child, port, data, settings, _own: own };
        wait_for_port(port, Duration::from_secs(30))?;
        Ok(ottla)
    }

    pub fn bootstrap(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub const fn port(&self) -> u16 {
        self.port
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
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
        self.child = spawn(&self.data, self.port, &self.settings)?;
        wait_for_port(self.port, Duration::from_secs(30))
    }
}

impl Drop for Ottla {
    fn drop(&mut self) {
        // The process may be gone already, which is fine here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(data: &Path, port: u16, settings: &[String]) -> Result<Child, Failed> {
    let binary = binary()?;
    let http = free_port()?;
    let mut command = Command::new(&binary);
    command.arg("start").arg("--data").arg(data).arg("--listen").arg(format!("127.0.0.1:{port}"));
    command.arg("--http").arg(format!("127.0.0.1:{http}"));
    for setting in settings {
        command.arg("--set").arg(setting);
    }
    command.stdin(Stdio::null());
    if std::env::var_os("OTTLA_LOG").is_none() {
        command.stdout(Stdio::null());
    }
    command.spawn().map_err(|error| Failed(format!("start {}: {error}", binary.display())))
}

fn binary() -> Result<PathBuf, Failed> {
    if let Some(given) = std::env::var_os("OTTLA_BINARY") {
        return Ok(given.into());
    }
    let built = ["release", "debug"].map(|profile| target_directory().join(profile).join("ottla"));
    let found = built.into_iter().find(|path| path.exists());
    found.ok_or_else(|| Failed("build the program first: cargo build --release".into()))
}
