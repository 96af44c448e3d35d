//! Commands that are run to their end, with their output kept for the failure's text.

use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};

/// What went wrong, in words for the person who runs the tests.
#[derive(Debug)]
pub struct Failed(pub String);

impl fmt::Display for Failed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Failed {}

/// One command: a program, its arguments and where it runs.
pub struct Step(Command);

impl Step {
    pub fn new(program: impl AsRef<std::ffi::OsStr>) -> Self {
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        Self(command)
    }

    #[must_use]
    pub fn args<I: IntoIterator<Item = S>, S: AsRef<std::ffi::OsStr>>(
        mut self,
        arguments: I,
    ) -> Self {
        self.0.args(arguments);
        self
    }

    #[must_use]
    pub fn within(mut self, directory: &Path) -> Self {
        self.0.current_dir(directory);
        self
    }

    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    /// Runs to the end; gives what was printed, or a failure with the end of it.
    pub fn run(mut self) -> Result<String, Failed> {
        let shown = format!("{:?}", self.0);
        let output = self.0.output().map_err(|error| Failed(format!("run {shown}: {error}")))?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(printed);
        }
        let complained = String::from_utf8_lossy(&output.stderr);
        Err(Failed(format!(
            "{shown} ended with {}\n{}{}",
            output.status,
            tail(&printed),
            tail(&complained)
        )))
    }
}

/// The last forty lines of a text.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.len().saturating_sub(40);
    lines[first..].iter().map(|line| format!("    {line}\n")).collect()
}
