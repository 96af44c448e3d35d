/// Partitions that one CreateTopics or CreatePartitions request may add. Their records go into one batch, so that
/// they count all or not at all; Kafka refuses more, too.
pub const PARTITIONS_PER_REQUEST_MAX: usize = 10_000;

/// Records that one request may cause, for the same reason.
pub const RECORDS_PER_REQUEST_MAX: usize = 10_000;

/// Bytes in the value of a setting; a Kafka string of the older versions has a length of 16 bits.
pub const CONFIG_VALUE_SIZE_MAX: usize = 32_767;

/// Producer ids that a broker gets at once.
pub const PRODUCER_ID_BLOCK_SIZE: u32 = 1_000;
