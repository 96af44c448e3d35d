use crate::header::BatchHeader;
use crate::view::{BatchError, BatchView};

/// Walks batches that lie back to back, as in a segment, a fetch answer or a snapshot. After the first failure it ends:
/// behind a bad length nothing can be found again.
///
/// A reader of a file that does not want to hold the whole of it uses [`BatchHeader::parse`] on the first 61 bytes at a
/// position and adds [`BatchHeader::size`] to the position.
#[derive(Clone, Debug)]
pub struct Batches<'a> {
    rest: &'a [u8],
    position: usize,
    crc: bool,
    stopped: bool,
}

/// Where and why a walk ended before the bytes did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at position {position}: {reason}")]
pub struct ScanStop {
    /// Bytes from the start of the walk to the batch that failed: what may be kept.
    pub position: usize,
    pub reason: BatchError,
}

impl ScanStop {
    /// Whether the bytes just end within a batch, as after a torn write or in an answer cut at its limit. Otherwise they
    /// are wrong.
    pub const fn is_torn(&self) -> bool {
        matches!(self.reason, BatchError::Incomplete { .. })
    }
}

impl<'a> Batches<'a> {
    /// Checks headers only: for bytes whose CRC was checked when they came in.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, position: 0, crc: false, stopped: false }
    }

    /// Checks headers and CRCs.
    pub const fn checked(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, position: 0, crc: true, stopped: false }
    }

    /// Bytes from the start to the end of the last batch that was given.
    pub const fn position(&self) -> usize {
        self.position
    }

    fn read(&self) -> Result<BatchView<'a>, BatchError> {
        if self.crc { BatchView::parse_checked(self.rest) } else { BatchView::parse(self.rest) }
    }
}

impl<'a> Iterator for Batches<'a> {
    type Item = Result<BatchView<'a>, ScanStop>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.stopped || self.rest.is_empty() {
            return None;
        }
        match self.read() {
            Ok(view) => {
                let size = BatchHeader::size(view.header());
                self.rest = &self.rest[size..];
                self.position += size;
                Some(Ok(view))
            }
            Err(reason) => {
                self.stopped = true;
                Some(Err(ScanStop { position: self.position, reason }))
            }
        }
    }
}

impl std::iter::FusedIterator for Batches<'_> {}
