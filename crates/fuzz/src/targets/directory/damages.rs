use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use model::SeededRandom;
use record::crc32c;

use super::recipes::Image;
use crate::mutate::size;

/// Bytes of one damage in a script: a power of two, so that making a script small takes whole ones away.
pub(super) const SIZE: usize = 16;

/// Groups of the write-ahead log begin at multiples of it.
const PAGE_SIZE: usize = 4096;
const FRAME_SIZE: usize = 64;

/// Bytes that one damage touches at most.
const LENGTH_MAX: u16 = 5_000;

/// One thing that is done to the files, as it stands in a script.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Damage {
    kind: u8,
    file: u16,
    position: u32,
    length: u16,
    value: u32,
}

impl Damage {
    pub(super) fn random(random: &mut SeededRandom) -> Self {
        let word = random.next_u64().to_be_bytes();
        let [kind, f0, f1, l0, l1, p0, p1, p2] = word;
        let short = random.one_in(2);
        let length = u16::from_be_bytes([if short { 0 } else { l0 }, l1]) % LENGTH_MAX;
        let position = u32::from_be_bytes([0, p0, p1, p2]);
        let value = u32::try_from(random.below(1 << 32)).unwrap_or(0);
        Self { kind, file: u16::from_be_bytes([f0, f1]), position, length, value }
    }

    /// Of the kinds that change bytes in their place.
    pub(in super::super) fn rot(random: &mut SeededRandom) -> Self {
        let kind = u8::try_from(random.below(3)).unwrap_or(0);
        Self { kind, ..Self::random(random) }
    }

    pub(in super::super) fn to_bytes(self) -> [u8; SIZE] {
        let mut out = [0; SIZE];
        out[0] = self.kind;
        out[1..3].copy_from_slice(&self.file.to_be_bytes());
        out[3..7].copy_from_slice(&self.position.to_be_bytes());
        out[7..9].copy_from_slice(&self.length.to_be_bytes());
        out[9..13].copy_from_slice(&self.value.to_be_bytes());
        out
    }

    pub(in super::super) fn from_bytes(bytes: &[u8]) -> Self {
        let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
        Self {
            kind: byte(0),
            file: u16::from_be_bytes([byte(1), byte(2)]),
            position: u32::from_be_bytes([byte(3), byte(4), byte(5), byte(6)]),
            length: u16::from_be_bytes([byte(7), byte(8)]) % LENGTH_MAX,
            value: u32::from_be_bytes([byte(9), byte(10), byte(11), byte(12)]),
        }
    }
}

/// Where bytes were changed.
#[derive(Clone, Debug)]
pub(in super::super) struct Place {
    pub(super) path: PathBuf,
    pub(super) range: Range<usize>,
}

/// The files of a directory, with what was done to them.
pub(in super::super) struct Damaged {
    pub(in super::super) files: BTreeMap<PathBuf, Vec<u8>>,
    salt: [u8; 8],
}

impl Damaged {
    pub(super) fn new(image: &Image) -> Self {
        Self { files: image.files.clone(), salt: image.salt() }
    }

    /// Of a directory without a write-ahead log.
    pub(in super::super) fn of(files: BTreeMap<PathBuf, Vec<u8>>) -> Self {
        Self { files, salt: [0; 8] }
    }

    fn path(&self, number: usize) -> Option<PathBuf> {
        self.files.keys().nth(number % self.files.len().max(1)).cloned()
    }

    /// Changes bytes in their place. `None` when they stay as they were.
    pub(in super::super) fn apply_rot(&mut self, damage: Damage) -> Option<Place> {
        let path = self.path(usize::from(damage.file))?;
        let content = self.files.get_mut(&path)?;
        let start = usize::try_from(damage.position).ok()? % content.len().max(1);
        let end = content.len().min(start + usize::from(damage.length).max(1));
        let before = content.clone();
        let range = match damage.kind % 3 {
            0 => {
                *content.get_mut(start)? ^= 1 << (damage.value % 8);
                start..start + 1
            }
            1 => {
                content.get_mut(start..end)?.fill(0);
                start..end
            }
            _ => {
                let mut random = SeededRandom::new(u64::from(damage.value));
                random.fill(content.get_mut(start..end)?);
                start..end
            }
        };
        (before != *content).then_some(Place { path, range })
    }

    pub(super) fn apply(&mut self, damage: Damage) {
        if damage.kind % 16 < 3 {
            self.apply_rot(damage);
            return;
        }
        let Some(path) = self.path(usize::from(damage.file)) else { return };
        let Some(other) = self.path(size(u64::from(damage.value >> 16))) else { return };
        let piece = self.files.get(&other).cloned().unwrap_or_default();
        let Some(content) = self.files.get_mut(&path) else { return };
        let start = size(u64::from(damage.position)) % (content.len() + 1);
        let end = content.len().min(start + usize::from(damage.length));
        match damage.kind % 16 {
            3 => content.truncate(start),
            4 => {
                let longer = content.len() + usize::from(damage.length);
                content.resize(longer, damage.value.to_be_bytes()[3]);
            }
            5 => drop(self.files.remove(&path)),
            6 => {
                let piece = content[start..end].to_vec();
                let to = size(u64::from(damage.value)) % (content.len() + 1);
                drop(content.splice(to..to, piece));
            }
            7 => drop(content.drain(start..end)),
            8 => {
                let to = content.clone();
                self.files.insert(path, piece);
                self.files.insert(other, to);
            }
            9 => {
                let from = start.min(piece.len());
                let piece = &piece[from..piece.len().min(from + usize::from(damage.length))];
                let to = content.len().min(start + piece.len());
                content[start..to].copy_from_slice(&piece[..to - start]);
            }
            10 => {
                // Another base offset, or another name altogether.
                let moved = format!("{:020}.log", damage.value % 200);
                let content = std::mem::take(content);
                self.files.remove(&path);
                self.files.insert(path.with_file_name(moved), content);
            }
            11 => {
                self.files.insert(path.with_extension("index"), piece);
            }
            12 | 13 => {
                extreme(content, start, damage.value);
                mend_batches_of(&path, content);
            }
            14 => {
                extreme(content, start, damage.value);
                mend_wal(content, self.salt);
            }
            _ => extreme(content, start, damage.value),
        }
    }
}

fn mend_batches_of(path: &std::path::Path, content: &mut [u8]) {
    if path.extension().is_some_and(|extension| extension == "log") {
        crate::seeds::mend_batches(content);
    }
}

/// A number as headers have it becomes one of those that are thought of too little.
fn extreme(content: &mut [u8], start: usize, value: u32) {
    let width = 1 << (value % 4);
    let Some(field) = content.get_mut(start..start + width) else { return };
    let near = u64::from(value >> 8 & 0xf);
    let bits = u32::try_from(width * 8).unwrap_or(64);
    let max = u64::MAX >> (64 - bits);
    let number = match value >> 4 & 0xf {
        0 | 1 => max,
        2 | 3 => max / 2,
        4 | 5 => max / 2 + 1,
        6 => max.wrapping_sub(near),
        7 => (max / 2).wrapping_sub(near),
        _ => near,
    };
    let new = number.to_be_bytes();
    field.copy_from_slice(&new[8 - width..]);
}

/// Puts the checksums of groups and frames right where they stand, as far as lengths lead.
pub(super) fn mend_wal(content: &mut [u8], salt: [u8; 8]) {
    let mut page = 0;
    while page + FRAME_SIZE <= content.len() {
        if content[page..].starts_with(b"OW\x01\0") {
            let length = number(&content[page + 32..page + 36]);
            seal(&mut content[page..page + FRAME_SIZE], salt);
            let end = content.len().min(page.saturating_add(FRAME_SIZE + length));
            let mut at = page + FRAME_SIZE;
            while at + FRAME_SIZE <= end && content[at..].starts_with(b"OW\x01") {
                let has_payload = matches!(content[at + 3], 1 | 4 | 7);
                let payload = if has_payload { number(&content[at + 60..at + 64]) } else { 0 };
                let next = end.min(at.saturating_add(FRAME_SIZE).saturating_add(payload));
                if matches!(content[at + 3], 4 | 7) {
                    let crc = crc32c(&content[at + FRAME_SIZE..next]).to_be_bytes();
                    content[at + 56..at + 60].copy_from_slice(&crc);
                } else {
                    crate::seeds::mend_batches(&mut content[at + FRAME_SIZE..next]);
                }
                seal(&mut content[at..at + FRAME_SIZE], salt);
                at = next;
            }
        }
        page += PAGE_SIZE;
    }
}

fn number(field: &[u8]) -> usize {
    field.iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

fn seal(header: &mut [u8], salt: [u8; 8]) {
    let covered = [&header[..4], &header[8..FRAME_SIZE], &salt].concat();
    header[4..8].copy_from_slice(&crc32c(&covered).to_be_bytes());
}
