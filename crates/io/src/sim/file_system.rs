use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::io::Errno;

use super::disk::{SimDisk, error};
use super::inode::Inode;
use super::trouble::Fault;
use crate::disk::FileSystem;

/// All of a simulated disk.
#[derive(Debug)]
pub(super) struct SimFileSystem {
    disk: SimDisk,
    path: PathBuf,
    life: u64,
    /// Lost writes that this handle has told of.
    told: AtomicU64,
}

impl SimFileSystem {
    pub(super) fn open(disk: &SimDisk, path: &Path) -> Result<Box<dyn FileSystem>> {
        let state = disk.state.lock();
        state.check_on()?;
        if state.look_up(path).is_err() {
            return Err(Error::from(ErrorKind::NotFound));
        }
        let told = AtomicU64::new(state.lost_writebacks);
        let (path, life) = (path.to_path_buf(), state.life);
        Ok(Box::new(Self { disk: disk.clone(), path, life, told }))
    }
}

impl FileSystem for SimFileSystem {
    fn sync(&self) -> Result<bool> {
        let mut state = self.disk.state.lock();
        state.check_on()?;
        if state.life != self.life {
            return Err(error(Errno::BADF));
        }
        state.check_fault(&self.path, Fault::Sync)?;
        if state.count()?
            || self.told.swap(state.lost_writebacks, Ordering::Relaxed) < state.lost_writebacks
        {
            return Err(error(Errno::IO));
        }
        for inode in state.inodes.values_mut() {
            match inode {
                Inode::File(file) => file.sync(),
                Inode::Dir(dir) => dir.sync(),
            }
        }
        Ok(true)
    }
}
