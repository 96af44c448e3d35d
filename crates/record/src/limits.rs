//! Every bound of this crate, with its unit and its reason.

/// Bytes of a batch before its records.
pub const BATCH_HEADER_SIZE: usize = 61;

/// Bytes before the part of a batch that its length field counts.
pub const BATCH_PREFIX_SIZE: usize = 12;

/// Bytes of a batch that are enough to know its size and its format.
pub const BATCH_MAGIC_END: usize = 17;

/// Largest batch in bytes. The length field is a signed 32-bit number; a request is smaller anyway.
pub const BATCH_SIZE_MAX: usize = 0x7fff_ffff;

/// Smallest length field of any format: what a record of format 0 takes. Anything smaller is no batch.
pub const LENGTH_FIELD_MIN: i32 = 14;

/// Bytes that the records of one batch may have when decompressed, unless the caller says otherwise. Kafka has no such
/// bound for a batch, only one per record; a batch of 1 MB (the default `message.max.bytes`) that shrank a hundredfold
/// still passes, a bomb does not.
pub const DECOMPRESSED_SIZE_MAX: usize = 128 << 20;

/// Bytes of buffer that a decompressor, compressor or builder keeps for the next batch; a larger one is given back
/// after use, so that one unusual batch does not hold memory for ever.
pub const BUFFER_KEPT_MAX: usize = 4 << 20;

/// Records of one batch: the count is a signed 32-bit number.
pub const RECORD_COUNT_MAX: u32 = 0x7fff_ffff;

/// Bytes of one snappy block as Java's `SnappyOutputStream` writes it.
pub const SNAPPY_BLOCK_SIZE: usize = 32 << 10;

/// Bytes of one block of an lz4 frame as Kafka writes it.
pub const LZ4_BLOCK_SIZE: usize = 64 << 10;

/// Control records written in one batch: a snapshot header batch has three, a quorum change one.
pub const CONTROL_RECORD_COUNT_MAX: usize = 64;
