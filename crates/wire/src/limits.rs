//! What one message may cost, whatever its bytes claim.

/// Longest string in bytes. The old encoding counts in an `i16`; Kafka keeps the bound for the compact one.
pub const STRING_SIZE_MAX: usize = 0x7fff;

/// Bytes that the arrays of one decoded message may take in memory, unless [`crate::Reader::limit_memory`] says
/// otherwise. An element of three bytes on the wire can be a hundred in memory, so the frame's size alone is no bound.
pub const DECODED_ARRAYS_SIZE_MAX: usize = 256 << 20;
