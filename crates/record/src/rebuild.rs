use crate::attributes::Codec;
use crate::codec::{Compression, CompressionError, Compressor, DecompressError, Decompressor};
use crate::encode::{BatchTooLarge, HeaderFields};
use crate::header::BatchHeader;
use crate::limits::BATCH_HEADER_SIZE;
use crate::view::BatchView;

/// Why a batch was not compressed anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecompressError {
    #[error(transparent)]
    Decompress(#[from] DecompressError),
    #[error(transparent)]
    Compress(#[from] CompressionError),
    #[error(transparent)]
    TooLarge(#[from] BatchTooLarge),
}

/// Appends to `out` the batch of `view` with its records compressed as `to` says: for a topic whose `compression.type`
/// differs from the producer's. Offsets, times, producer and flags stay; records are moved as one block and not decoded,
/// so validate the batch with a walk first. At most `size_max` bytes are decompressed. On error `out` is as before.
pub fn recompress(
    view: &BatchView<'_>,
    to: Compression,
    compressor: &mut Compressor,
    decompressor: &mut Decompressor,
    size_max: usize,
    out: &mut Vec<u8>,
) -> Result<(), RecompressError> {
    let records = match view.header().attributes().codec() {
        None => return Err(DecompressError::UnknownCodec.into()),
        Some(Codec::None) => view.record_bytes(),
        Some(codec) => decompressor.decompress(codec, view.record_bytes(), size_max)?,
    };
    rebuild(view.header(), records, to, compressor, out)
}

/// Appends to `out` a batch with the header `header` but the codec of `to`, of `records`, which are not compressed yet.
/// The caller vouches that they are the records that the header describes. On error `out` is as before.
pub fn rebuild(
    header: &BatchHeader,
    records: &[u8],
    to: Compression,
    compressor: &mut Compressor,
    out: &mut Vec<u8>,
) -> Result<(), RecompressError> {
    let mut fields = HeaderFields::of(header);
    fields.attributes = fields.attributes.with_codec(to.codec());
    let start = out.len();
    out.resize(start + BATCH_HEADER_SIZE, 0);
    let built = compressor
        .compress(to, records, out)
        .map_err(RecompressError::from)
        .and_then(|()| Ok(fields.seal(&mut out[start..])?));
    if built.is_err() {
        out.truncate(start);
    }
    built
}
