//! A file system in memory that loses what was not synced when its power is cut, through FUSE, so that real programs run
//! on it unchanged.
//!
//! What is durable: writes of a file after its fsync, fdatasync, or when they return if it was opened with `O_DSYNC` or
//! `O_SYNC`; names of a directory as [`NameRule`] says. All else is decided by the dice of [`LossyFs::power_cut`]: each
//! write alone is there, or not, or some of its sectors are, whatever became of the writes before it. `sync_file_range`
//! and closing are no syncs; nor is `syncfs`, which Linux does not pass on to a FUSE file system.
//!
//! It can fail in milder ways too: no room, a disk that stands still or is slow to sync, writes or syncs that fail.

mod content;
mod cut;
mod door;
mod file;
mod names;
mod state;

use std::fs::File;
use std::io::ErrorKind;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use fuser::{BackgroundSession, Config, Session, SessionACL};
use parking_lot::{Condvar, Mutex};
use rustix::io::Errno;
use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::Failed;

pub use cut::CutCounts;
pub use names::NameRule;
pub use state::Counts;

use door::{Door, Shared};
use state::State;

/// How long killed processes may take to let go of their files.
const UNMOUNT_PATIENCE: Duration = Duration::from_secs(30);

/// A mounted file system; unmounted when dropped.
#[derive(Debug)]
pub struct LossyFs {
    shared: Arc<Shared>,
    session: Option<BackgroundSession>,
    place: PathBuf,
    _own: TempDir,
}

impl LossyFs {
    /// An empty one. Needs `/dev/fuse` and the right to mount; the failure says so where either is missing.
    pub fn new(rule: NameRule) -> Result<Self, Failed> {
        let own = TempDir::new().map_err(|error| Failed(format!("make a directory: {error}")))?;
        let place = own.path().join("disk");
        std::fs::create_dir(&place)
            .map_err(|error| Failed(format!("make {}: {error}", place.display())))?;
        let state = Mutex::new(State::new(rule));
        let shared = Arc::new(Shared { state, changed: Condvar::new() });
        let mut new = Self { shared, session: None, place, _own: own };
        new.mount()?;
        Ok(new)
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        &self.place
    }

    fn mount(&mut self) -> Result<(), Failed> {
        let device = File::options().read(true).write(true).open("/dev/fuse").map_err(|error| {
            Failed(format!("open /dev/fuse, without which no power can be cut: {error}"))
        })?;
        let options = format!(
            "fd={},rootmode=40000,user_id={},group_id={},allow_other",
            device.as_raw_fd(),
            rustix::process::geteuid().as_raw(),
            rustix::process::getegid().as_raw()
        );
        let options = std::ffi::CString::new(options).unwrap_or_default();
        let flags = MountFlags::NODEV | MountFlags::NOSUID;
        mount("lossy", &self.place, "fuse.lossy", flags, Some(options.as_c_str())).map_err(
            |error| Failed(format!("mount a FUSE file system, which needs root: {error}")),
        )?;
        let door = Door(Arc::clone(&self.shared));
        let failed = |error| Failed(format!("serve a FUSE file system: {error}"));
        let device = OwnedFd::from(device);
        let session = Session::from_fd(door, device, SessionACL::All, Config::default());
        self.session = Some(session.and_then(Session::spawn).map_err(failed)?);
        Ok(())
    }

    /// Cuts the power of the processes and of the disk at one moment, and gives it back to the disk. What was not synced
    /// has met the fate that `seed` threw for it; faults are over. The caller reaps the processes.
    pub fn power_cut(&mut self, seed: u64, processes: &[u32]) -> Result<CutCounts, Failed> {
        {
            let mut state = self.shared.state.lock();
            for process in processes {
                kill(*process)?;
            }
            state.faults.off = true;
            self.shared.changed.notify_all();
        }
        self.unmount()?;
        let counts = self.shared.state.lock().power_cut(seed);
        self.mount()?;
        Ok(counts)
    }

    fn unmount(&mut self) -> Result<(), Failed> {
        let end = Instant::now() + UNMOUNT_PATIENCE;
        loop {
            match unmount(&self.place, UnmountFlags::empty()) {
                Ok(()) => break,
                Err(Errno::BUSY) if Instant::now() < end => {
                    std::thread::sleep(Duration::from_millis(1));
                }
                Err(error) => {
                    return Err(Failed(format!("unmount {}: {error}", self.place.display())));
                }
            }
        }
        match self.session.take().map(BackgroundSession::join) {
            // It is unmounted: what the session still had to say nobody hears.
            Some(Err(error)) if error.kind() == ErrorKind::ConnectionAborted => Ok(()),
            Some(Err(error)) => Err(Failed(format!("end a FUSE session: {error}"))),
            Some(Ok(())) | None => Ok(()),
        }
    }

    /// Leaves so many bytes of room, or plenty.
    pub fn set_room(&self, bytes: Option<u64>) {
        let pages = bytes.map(|bytes| bytes / State::page_size() as u64);
        self.shared.state.lock().faults.room = pages;
    }

    /// Writes and syncs wait until what this gives is dropped; reads and names do not.
    pub fn pause(&self) -> Paused<'_> {
        self.shared.state.lock().faults.paused = true;
        Paused(&self.shared)
    }

    /// Each sync and each durable write takes so long.
    pub fn delay_syncs(&self, by: Duration) {
        self.shared.state.lock().faults.sync_delay = by;
    }

    /// Syncs and durable writes fail with EIO, and what they should have written is lost in a power cut.
    pub fn fail_syncs(&self, fail: bool) {
        self.shared.state.lock().faults.syncs_fail = fail;
    }

    /// Writes fail with EIO.
    pub fn fail_writes(&self, fail: bool) {
        self.shared.state.lock().faults.writes_fail = fail;
    }

    /// What programs did on it so far.
    pub fn counts(&self) -> Counts {
        self.shared.state.lock().counts
    }
}

/// A disk that stands still until this is dropped.
#[derive(Debug)]
pub struct Paused<'a>(&'a Shared);

impl Drop for Paused<'_> {
    fn drop(&mut self) {
        self.0.state.lock().faults.paused = false;
        self.0.changed.notify_all();
    }
}

impl Drop for LossyFs {
    fn drop(&mut self) {
        // Processes that still have files there see errors from now on.
        let _ = unmount(&self.place, UnmountFlags::DETACH);
    }
}

fn kill(process: u32) -> Result<(), Failed> {
    let pid = i32::try_from(process).ok().and_then(Pid::from_raw);
    match pid.map(|pid| kill_process(pid, Signal::KILL)) {
        // It may be gone already.
        Some(Ok(()) | Err(Errno::SRCH)) => Ok(()),
        Some(Err(error)) => Err(Failed(format!("kill process {process}: {error}"))),
        None => Err(Failed(format!("{process} is no process"))),
    }
}
