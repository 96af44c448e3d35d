use crate::checksum::crc32c;
use crate::codec::Decompressor;
use crate::header::{BatchHeader, HeaderError};
use crate::limits::BATCH_HEADER_SIZE;
use crate::records::{RecordError, Records};
use crate::{Codec, DecompressError};

/// One whole batch where it lies: its header is parsed, its bytes are borrowed, its CRC is checked when asked.
#[derive(Clone, Copy, Debug)]
pub struct BatchView<'a> {
    header: BatchHeader,
    bytes: &'a [u8],
}

/// Why bytes do not begin with a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// The bytes end before the batch does; `needed` are known to be needed so far.
    #[error("batch needs {needed} bytes, only {present} are there")]
    Incomplete { needed: usize, present: usize },
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// Kafka's `CORRUPT_MESSAGE`.
    #[error("CRC is {stored:#010x}, the bytes have {computed:#010x}")]
    Crc { stored: u32, computed: u32 },
}

impl<'a> BatchView<'a> {
    /// The batch at the start of `bytes`; what follows it is left alone. Checks the header, not the CRC.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, BatchError> {
        let incomplete = |needed| BatchError::Incomplete { needed, present: bytes.len() };
        let Some(head) = bytes.first_chunk::<BATCH_HEADER_SIZE>() else {
            // A bad size or format is worth saying even of a short piece.
            let needed = crate::header::size_of_batch(bytes)?;
            return Err(incomplete(needed.unwrap_or(BATCH_HEADER_SIZE)));
        };
        let header = BatchHeader::parse(head)?;
        let bytes = bytes.get(..header.size()).ok_or_else(|| incomplete(header.size()))?;
        Ok(Self { header, bytes })
    }

    /// As [`Self::parse`], and the CRC must be right.
    pub fn parse_checked(bytes: &'a [u8]) -> Result<Self, BatchError> {
        let view = Self::parse(bytes)?;
        view.check_crc()?;
        Ok(view)
    }

    pub const fn header(&self) -> &BatchHeader {
        &self.header
    }

    /// The whole batch, header and records.
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The records as they lie, compressed or not.
    pub fn record_bytes(&self) -> &'a [u8] {
        &self.bytes[BATCH_HEADER_SIZE..]
    }

    pub fn check_crc(&self) -> Result<(), BatchError> {
        let computed = crc32c(&self.bytes[21..]);
        let stored = self.header.crc();
        if computed == stored { Ok(()) } else { Err(BatchError::Crc { stored, computed }) }
    }

    /// The records. Those of a compressed batch are decompressed into `decompressor`'s buffer, up to `size_max` bytes, and
    /// borrow it; others are read in place.
    pub fn records<'b>(
        &self,
        decompressor: &'b mut Decompressor,
        size_max: usize,
    ) -> Result<Records<'b>, RecordError>
    where
        'a: 'b,
    {
        let bytes = match self.header.attributes().codec() {
            Some(Codec::None) => self.record_bytes(),
            Some(codec) => decompressor.decompress(codec, self.record_bytes(), size_max)?,
            None => return Err(DecompressError::UnknownCodec.into()),
        };
        Ok(Records::new(&self.header, bytes))
    }
}
