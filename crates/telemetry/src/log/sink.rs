//! Where log lines go.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::{FileConfig, LogError};
use crate::limits::LOG_LINES_PER_SECOND_MAX;

/// Standard output or a file, shared by all threads.
pub(super) struct Sink {
    state: Mutex<State>,
}

struct State {
    file: Option<Rotating>,
    /// The second that lines are counted in.
    second: u64,
    line_count: u32,
}

struct Rotating {
    config: FileConfig,
    file: File,
    size: u64,
}

/// Whether one more line may be written.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Admission {
    Yes,
    No,
    /// Yes, and so many were left out before.
    AfterFlood(u32),
}

impl Sink {
    pub(super) fn open(config: Option<&FileConfig>) -> Result<Self, LogError> {
        let file = config.map(Rotating::open).transpose()?;
        Ok(Self { state: Mutex::new(State { file, second: 0, line_count: 0 }) })
    }

    /// Errors always pass; what is above the bound for this second does not.
    pub(super) fn admit(&self, second: u64, is_error: bool) -> Admission {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left_out = 0;
        if state.second != second {
            left_out = state.line_count.saturating_sub(LOG_LINES_PER_SECOND_MAX);
            state.second = second;
            state.line_count = 0;
        }
        if !is_error {
            state.line_count = state.line_count.saturating_add(1);
        }
        if left_out > 0 {
            Admission::AfterFlood(left_out)
        } else if state.line_count > LOG_LINES_PER_SECOND_MAX && !is_error {
            Admission::No
        } else {
            Admission::Yes
        }
    }

    /// A line that cannot be written is lost: there is nowhere to say so.
    pub(super) fn write(&self, line: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = match &mut state.file {
            Some(file) => file.write(line.as_bytes()),
            None => io::stdout().lock().write_all(line.as_bytes()),
        };
    }
}

impl Rotating {
    fn open(config: &FileConfig) -> Result<Self, LogError> {
        let refused = |source| LogError::Open { path: config.path.clone(), source };
        if let Some(directory) = config.path.parent().filter(|path| !path.as_os_str().is_empty()) {
            fs::create_dir_all(directory).map_err(refused)?;
        }
        let file = append_to(&config.path).map_err(refused)?;
        let size = file.metadata().map_err(refused)?.len();
        Ok(Self { config: config.clone(), file, size })
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        let line_size = u64::try_from(line.len()).unwrap_or(u64::MAX);
        if self.size > 0 && self.size.saturating_add(line_size) > self.config.bytes_max {
            self.rotate()?;
        }
        self.file.write_all(line)?;
        self.size = self.size.saturating_add(line_size);
        Ok(())
    }

    /// The current file becomes the first set aside; the last goes.
    fn rotate(&mut self) -> io::Result<()> {
        let path = &self.config.path;
        let kept = self.config.count_max.saturating_sub(1);
        for number in (1..kept).rev() {
            let older = numbered(path, number);
            if older.exists() {
                fs::rename(older, numbered(path, number + 1))?;
            }
        }
        if kept > 0 {
            fs::rename(path, numbered(path, 1))?;
        } else {
            fs::remove_file(path)?;
        }
        self.file = append_to(path)?;
        self.size = 0;
        Ok(())
    }
}

fn append_to(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_file_is_set_aside_and_the_oldest_goes() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("logs/server.log");
        let config = FileConfig { path: path.clone(), bytes_max: 10, count_max: 3 };
        let sink = Sink::open(Some(&config)).expect("opens");
        for line in ["first\n", "second\n", "third\n", "fourth\n"] {
            sink.write(line);
        }
        let read = |path: PathBuf| fs::read_to_string(path).ok();
        assert_eq!(read(path.clone()).as_deref(), Some("fourth\n"));
        assert_eq!(read(numbered(&path, 1)).as_deref(), Some("third\n"));
        assert_eq!(read(numbered(&path, 2)).as_deref(), Some("second\n"));
        assert_eq!(read(numbered(&path, 3)), None);
    }

    #[test]
    fn a_file_goes_on_where_it_ended() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("server.log");
        let config = FileConfig { path: path.clone(), bytes_max: 1000, count_max: 2 };
        for line in ["one\n", "two\n"] {
            Sink::open(Some(&config)).expect("opens").write(line);
        }
        assert_eq!(fs::read_to_string(path).expect("is there"), "one\ntwo\n");
    }

    #[test]
    fn a_flood_of_lines_is_cut_and_told_and_errors_pass() {
        let sink = Sink::open(None).expect("opens");
        for _ in 0..LOG_LINES_PER_SECOND_MAX {
            assert_eq!(sink.admit(1, false), Admission::Yes);
        }
        assert_eq!(sink.admit(1, false), Admission::No);
        assert_eq!(sink.admit(1, true), Admission::Yes);
        assert_eq!(sink.admit(2, false), Admission::AfterFlood(1));
        assert_eq!(sink.admit(2, false), Admission::Yes);
    }
}
