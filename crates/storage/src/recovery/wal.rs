use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use io::{Open, PAGE_SIZE, PageBuffer};

use crate::error::{Damage, Result, StorageError};
use crate::file_name;
use crate::lane::codec::{FrameView, GroupHeader, GroupView, Salt};
use crate::limits::FRAME_HEADER_SIZE;
use crate::place::Place;

/// The groups that a replay needs, in order.
#[derive(Debug, Default)]
pub(crate) struct WalContents {
    /// With what they hold, where a group of it may be needed.
    files: Vec<(PathBuf, PageBuffer)>,
    /// By number: which file, and where in it.
    groups: BTreeMap<u64, (usize, usize)>,
    /// Where a group begins of which not all is there.
    pub(crate) torn: Option<(PathBuf, u64)>,
    pub(crate) next_group: u64,
    salt: Option<Salt>,
}

/// Where a frame lies in what was read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FramePlace {
    file: usize,
    position: usize,
}

/// The write-ahead log's files, by number.
pub(crate) fn wal_files(place: &Place) -> Result<Vec<(u64, PathBuf)>> {
    let entries = place.disk.list(&place.path).map_err(StorageError::io("list", &place.path))?;
    let number = |name: &str| file_name::parse_wal_file(name);
    let mut files: Vec<_> = entries
        .iter()
        .filter_map(|entry| Some((number(&entry.name)?, place.path.join(&entry.name))))
        .collect();
    files.sort_unstable();
    Ok(files)
}

/// Whether any file of the log begins with a group, of whatever life.
pub(crate) fn wal_has_content(place: &Place) -> Result<bool> {
    for (_, path) in wal_files(place)? {
        let file = place.disk.open(&path, Open::READ);
        let file = file.map_err(StorageError::io("open", &path))?;
        let mut start = [0; 3];
        let read = file.read_at(&mut start, 0).map_err(StorageError::io("read", &path))?;
        if read == start.len() && start == *b"OW\x01" {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Reads a file of the log, past the page cache where that is possible: most of it is of no use to anybody.
fn read_file(place: &Place, path: &Path, direct: bool, bytes: &mut PageBuffer) -> Result<()> {
    let failed = |source| StorageError::io("read", path)(source);
    let size = place.disk.file_size(path).map_err(failed)?.unwrap_or(0);
    let whole_pages = size.is_multiple_of(PAGE_SIZE as u64);
    if direct && whole_pages {
        let how = Open { direct: true, ..Open::READ };
        let read = place.disk.open(path, how).and_then(|file| bytes.read_from(&*file));
        match read {
            Err(error)
                if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => {}
            read => return read.map_err(failed),
        }
    }
    let file = place.disk.open(path, Open::READ).map_err(failed)?;
    bytes.read_from(&*file).map_err(failed)
}

impl WalContents {
    /// Reads all groups of this life. A group is missing when a later one is there: the log is damaged then, since a
    /// group is only begun when the one before is durable. Blocks.
    pub(crate) fn read(
        place: &Place,
        salt: Salt,
        oldest_needed: Option<u64>,
        direct: bool,
    ) -> Result<Self> {
        let mut contents = Self { salt: Some(salt), ..Self::default() };
        let mut broken: Vec<(u64, usize, usize)> = Vec::new();
        let mut bytes = PageBuffer::new();
        for (_, path) in wal_files(place)? {
            read_file(place, &path, direct, &mut bytes)?;
            let index = contents.files.len();
            let oldest = oldest_needed.unwrap_or(0);
            let holds = contents.note_groups(index, &bytes, salt, oldest, &mut broken);
            // Most files hold nothing but groups of earlier turns: their memory serves the next one.
            let kept = if holds { std::mem::take(&mut bytes) } else { PageBuffer::new() };
            contents.files.push((path, kept));
        }
        let newest = contents.groups.last_key_value().map(|(number, place)| (*number, *place));
        let by_newest =
            newest.and_then(|(_, place)| Some(contents.view(place)?.header.oldest_needed));
        // The log itself says what it needs too, should the checkpoint be lost.
        let oldest = oldest_needed.max(by_newest).unwrap_or(1);
        contents.groups = contents.groups.split_off(&oldest);
        let last = newest.map_or(0, |(number, _)| number).max(oldest.saturating_sub(1));
        contents.check_chain(oldest, last, &broken)?;
        let torn = broken.iter().find(|(number, ..)| *number == last + 1);
        contents.torn = torn.and_then(|(_, file, position)| {
            Some((contents.files.get(*file)?.0.clone(), *position as u64))
        });
        contents.next_group = last + 1 + u64::from(contents.torn.is_some());
        Ok(contents)
    }

    /// Whole groups from `oldest` on, and headers of ones that are not whole. Whether there are any groups.
    fn note_groups(
        &mut self,
        file: usize,
        bytes: &[u8],
        salt: Salt,
        oldest: u64,
        broken: &mut Vec<(u64, usize, usize)>,
    ) -> bool {
        let mut holds = false;
        let mut position = 0;
        while let Some(rest) = bytes.get(position..).filter(|rest| rest.len() >= FRAME_HEADER_SIZE)
        {
            let header = rest.first_chunk().and_then(|head| GroupHeader::decode(head, salt));
            match header {
                // What lies behind the header of an earlier turn may be of this one, should a write have been lost.
                Some(header) if header.number < oldest => {}
                Some(header) => match GroupView::parse(rest, salt) {
                    Some(group) => {
                        holds = true;
                        self.groups.insert(header.number, (file, position));
                        position += group.size().next_multiple_of(PAGE_SIZE);
                        continue;
                    }
                    None => broken.push((header.number, file, position)),
                },
                None => {}
            }
            position += PAGE_SIZE;
        }
        holds
    }

    /// From `oldest` to `last`, every group must be there, and of later ones at most the next may have been begun.
    fn check_chain(&self, oldest: u64, last: u64, broken: &[(u64, usize, usize)]) -> Result<()> {
        let missing = (oldest..=last).find(|number| !self.groups.contains_key(number));
        let later = broken.iter().find(|(number, ..)| *number > last + 1);
        let Some(missing) = missing.or_else(|| later.map(|_| last + 1)) else { return Ok(()) };
        // The best place to name: where it lies in pieces, else where the next one lies.
        let in_pieces = broken.iter().find(|(number, ..)| *number == missing);
        let in_pieces = in_pieces.map(|(_, file, position)| (*file, *position));
        let next = || self.groups.range(missing..).next().map(|(_, place)| *place);
        let (file, position) = in_pieces.or_else(next).unwrap_or_default();
        let path = self.files.get(file).map(|(path, _)| path.clone()).unwrap_or_default();
        Err(StorageError::corrupt(&path, position as u64, Damage::MissingGroup(missing)))
    }

    /// Makes durable what was read: it may only be in memory, if the process died between a write and its sync. What
    /// recovery does to the segments must not outlive the frames that say why.
    pub(crate) fn sync(&self, place: &Place) -> Result<()> {
        self.write_last_again(place)?;
        let needed: BTreeSet<usize> = self.groups.values().map(|(file, _)| *file).collect();
        for (path, _) in needed.iter().filter_map(|file| self.files.get(*file)) {
            let file = place.disk.open(path, Open::WRITE);
            let file = file.map_err(StorageError::io("open", path))?;
            file.sync_data().map_err(StorageError::io("sync", path))?;
        }
        if needed.is_empty() {
            return Ok(());
        }
        place.disk.sync_dir(&place.path).map_err(StorageError::io("sync directory", &place.path))
    }

    /// The last group may be there only because the page cache has it, and calls it clean after a sync that failed. All
    /// before it were durable when the next one was begun.
    fn write_last_again(&self, place: &Place) -> Result<()> {
        let Some((_, at)) = self.groups.last_key_value() else { return Ok(()) };
        let (Some(group), Some((path, bytes))) = (self.view(*at), self.files.get(at.0)) else {
            return Ok(());
        };
        let bytes = bytes.get(at.1..at.1 + group.size()).unwrap_or_default();
        let file = place.disk.open(path, Open::WRITE);
        let file = file.map_err(StorageError::io("open", path))?;
        file.write_at(bytes, at.1 as u64).map_err(StorageError::io("write", path))
    }

    fn view(&self, (file, position): (usize, usize)) -> Option<GroupView<'_>> {
        let (_, bytes) = self.files.get(file)?;
        GroupView::parse_known(bytes.get(position..)?, self.salt?)
    }

    /// All frames, oldest first.
    pub(crate) fn frames(&self) -> impl Iterator<Item = (FramePlace, FrameView<'_>)> {
        let groups = self.groups.values().filter_map(|at| Some((*at, self.view(*at)?)));
        groups.flat_map(|((file, position), group)| {
            let mut position = position + FRAME_HEADER_SIZE;
            group.frames().map(move |frame| {
                let place = FramePlace { file, position };
                position += frame.size();
                (place, frame)
            })
        })
    }

    pub(crate) fn frame(&self, place: FramePlace) -> Option<FrameView<'_>> {
        let (_, bytes) = self.files.get(place.file)?;
        FrameView::parse(bytes.get(place.position..)?, self.salt?)
    }

    /// Files without a life: left over, nothing in them.
    pub(crate) fn empty(place: &Place, next_group: u64) -> Result<Self> {
        let files =
            wal_files(place)?.into_iter().map(|(_, path)| (path, PageBuffer::new())).collect();
        Ok(Self { files, next_group, ..Self::default() })
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.files.iter().map(|(path, _)| path)
    }

    pub(crate) fn count(&self) -> usize {
        self.groups.len()
    }

    pub(crate) fn next_file(&self) -> u64 {
        let number = |path: &PathBuf| file_name::parse_wal_file(path.file_name()?.to_str()?);
        self.files.iter().filter_map(|(path, _)| number(path)).max().map_or(1, |newest| newest + 1)
    }
}
