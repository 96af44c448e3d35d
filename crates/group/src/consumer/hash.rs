/// FNV-1a over what a group's assignment rests on. Apache Kafka takes another function for its `MetadataHash`: where a log
/// goes from one to the other, each group is assigned once more.
pub(crate) struct MetadataHash(u64);

impl MetadataHash {
    pub(crate) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    pub(crate) fn finish(self) -> i64 {
        i64::from_be_bytes(self.0.to_be_bytes())
    }
}
