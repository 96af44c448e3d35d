//! Compression of the records of a batch: what Java's clients write is read, and the other way round.

mod gzip;
mod lz4;
mod output;
mod snappy;
mod xxh32;
mod zstd;

use crate::attributes::Codec;
use crate::limits::BUFFER_KEPT_MAX;
use output::Output;

/// gzip's level: 1 (fastest) to 9, or −1 for the library's choice, which is the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GzipLevel(i32);

/// lz4's level: 1 to 17. The default, 9, means the fast compressor, as in Kafka; every other one the high-compression one,
/// whose levels end at 12 in the library itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lz4Level(i32);

/// zstd's level: −131072 (fastest) to 22; 3 is the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ZstdLevel(i32);

macro_rules! level {
    ($name:ident, $default:literal, $allowed:pat) => {
        impl $name {
            /// Kafka's default.
            pub const DEFAULT: Self = Self($default);

            /// `None` when Kafka's settings do not allow the level.
            pub const fn new(level: i32) -> Option<Self> {
                if matches!(level, $allowed) { Some(Self(level)) } else { None }
            }

            pub const fn get(self) -> i32 {
                self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::DEFAULT
            }
        }
    };
}

level!(GzipLevel, -1, -1 | 1..=9);
level!(Lz4Level, 9, 1..=17);
level!(ZstdLevel, 3, -131_072..=22);

/// How to compress: a codec with its level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Compression {
    #[default]
    None,
    Gzip(GzipLevel),
    Snappy,
    Lz4(Lz4Level),
    Zstd(ZstdLevel),
}

impl Compression {
    /// The codec at Kafka's default level.
    pub const fn with_default_level(codec: Codec) -> Self {
        match codec {
            Codec::None => Self::None,
            Codec::Gzip => Self::Gzip(GzipLevel::DEFAULT),
            Codec::Snappy => Self::Snappy,
            Codec::Lz4 => Self::Lz4(Lz4Level::DEFAULT),
            Codec::Zstd => Self::Zstd(ZstdLevel::DEFAULT),
        }
    }

    pub const fn codec(self) -> Codec {
        match self {
            Self::None => Codec::None,
            Self::Gzip(_) => Codec::Gzip,
            Self::Snappy => Codec::Snappy,
            Self::Lz4(_) => Codec::Lz4,
            Self::Zstd(_) => Codec::Zstd,
        }
    }
}

/// The library refused to compress, which for bytes in memory means that it had no memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} compression failed", .0.name())]
pub struct CompressionError(pub Codec);

/// Why compressed records cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecompressError {
    /// The attributes name no codec of Kafka 4.4.
    #[error("unknown codec")]
    UnknownCodec,
    /// They would be larger than the caller allows.
    #[error("decompressed records are larger than {size_max} bytes")]
    TooLarge { size_max: usize },
    /// The compressed bytes are wrong or end early.
    #[error("{} data is corrupt", .0.name())]
    Corrupt(Codec),
}

/// Compresses, with the state of each codec kept from batch to batch. One per thread; not tied to a batch.
pub struct Compressor {
    gzip: gzip::GzipWriter,
    snappy: snap::raw::Encoder,
    zstd: zstd::ZstdWriter,
}

impl std::fmt::Debug for Compressor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Compressor").finish_non_exhaustive()
    }
}

impl Default for Compressor {
    fn default() -> Self {
        Self::new()
    }
}

impl Compressor {
    /// Nothing is allocated for a codec before its first use, but for snappy's small table.
    pub fn new() -> Self {
        Self {
            gzip: gzip::GzipWriter::default(),
            snappy: snap::raw::Encoder::new(),
            zstd: zstd::ZstdWriter::default(),
        }
    }

    /// Appends `input`, compressed, to `out`. `Compression::None` copies.
    pub fn compress(
        &mut self,
        compression: Compression,
        input: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), CompressionError> {
        let written = match compression {
            Compression::None => {
                out.extend_from_slice(input);
                Some(())
            }
            Compression::Gzip(level) => self.gzip.compress(level, input, out),
            Compression::Snappy => snappy::compress(&mut self.snappy, input, out),
            Compression::Lz4(level) => lz4::compress(level, input, out),
            Compression::Zstd(level) => self.zstd.compress(level, input, out),
        };
        written.ok_or_else(|| CompressionError(compression.codec()))
    }
}

/// Decompresses into a buffer of its own that is kept from batch to batch. One per thread.
#[derive(Default)]
pub struct Decompressor {
    output: Output,
    gzip: gzip::GzipReader,
    snappy: snap::raw::Decoder,
    zstd: zstd::ZstdReader,
}

impl std::fmt::Debug for Decompressor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Decompressor").finish_non_exhaustive()
    }
}

impl Decompressor {
    pub fn new() -> Self {
        Self::default()
    }

    /// `input` decompressed, in this decompressor's buffer, at most `size_max` bytes of it. The buffer grows as bytes come
    /// out, never as the input only claims. `Codec::None` copies.
    pub fn decompress(
        &mut self,
        codec: Codec,
        input: &[u8],
        size_max: usize,
    ) -> Result<&[u8], DecompressError> {
        let output = &mut self.output;
        output.begin(size_max);
        let read = match codec {
            Codec::None => output.push(input),
            Codec::Gzip => self.gzip.decompress(input, output),
            Codec::Snappy => snappy::decompress(&mut self.snappy, input, output),
            Codec::Lz4 => lz4::decompress(input, output),
            Codec::Zstd => self.zstd.decompress(input, output),
        };
        match read {
            Ok(()) => Ok(output.bytes()),
            Err(Failure::TooLarge) => Err(DecompressError::TooLarge { size_max }),
            Err(Failure::Corrupt) => Err(DecompressError::Corrupt(codec)),
        }
    }

    /// Bytes of buffer that are held now.
    pub const fn buffer_size(&self) -> usize {
        self.output.capacity()
    }

    /// Gives a buffer back that an unusually large batch made.
    pub fn trim(&mut self) {
        self.output.trim(BUFFER_KEPT_MAX);
    }
}

/// A codec's own view of what went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failure {
    TooLarge,
    Corrupt,
}

#[cfg(test)]
mod tests;
