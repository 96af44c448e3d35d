//! Commands that are run to their end, with their output kept for the failure's text.

use std::fmt;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

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
pub struct Step {
    command: Command,
    input: Option<String>,
}

impl Step {
    pub fn new(program: impl AsRef<std::ffi::OsStr>) -> Self {
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        Self { command, input: None }
    }

    /// What the command reads from its standard input; without it there is nothing to read.
    #[must_use]
    pub fn input(mut self, text: impl Into<String>) -> Self {
        self.command.stdin(Stdio::piped());
        self.input = Some(text.into());
        self
    }

    #[must_use]
    pub fn args<I: IntoIterator<Item = S>, S: AsRef<std::ffi::OsStr>>(
        mut self,
        arguments: I,
    ) -> Self {
        self.command.args(arguments);
        self
    }

    #[must_use]
    pub fn within(mut self, directory: &Path) -> Self {
        self.command.current_dir(directory);
        self
    }

    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs to the end; gives what was printed, or a failure with the end of it.
    pub fn run(self) -> Result<String, Failed> {
        let (output, shown) = self.finish()?;
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

    /// Runs to an end that must be a failure; gives what it complained.
    pub fn refused(self) -> Result<String, Failed> {
        let (output, shown) = self.finish()?;
        if output.status.success() {
            return Err(Failed(format!("{shown} was to fail and did not")));
        }
        Ok(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Starts it and leaves it running, with what it prints and complains where the two say.
    pub fn spawn(mut self, printed: Stdio, complained: Stdio) -> Result<Child, Failed> {
        let shown = format!("{:?}", self.command);
        let spawned = self.command.stdout(printed).stderr(complained).spawn();
        spawned.map_err(|error| Failed(format!("run {shown}: {error}")))
    }

    fn finish(mut self) -> Result<(Output, String), Failed> {
        let shown = format!("{:?}", self.command);
        let failed = |error| Failed(format!("run {shown}: {error}"));
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().map_err(failed)?;
        let input = child.stdin.take().zip(self.input.take());
        // On its own thread: a child that prints before it has read all would else wait for us as we wait for it.
        let writing = input.map(|(mut pipe, text)| {
            std::thread::spawn(move || drop(pipe.write_all(text.as_bytes())))
        });
        let output = child.wait_with_output().map_err(failed)?;
        if let Some(thread) = writing {
            drop(thread.join());
        }
        Ok((output, shown))
    }
}

/// The last forty lines of a text.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.len().saturating_sub(40);
    lines[first..].iter().map(|line| format!("    {line}\n")).collect()
}
