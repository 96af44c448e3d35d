//! Every bound of this crate, with its reason.

/// Bytes that decoding one request may take in memory beside its own: arrays of small elements grow when decoded.
/// A request of 100 MB of topic names is no request that anybody needs.
pub(crate) const DECODED_SIZE_MAX: usize = 64 * 1024 * 1024;
