/// How the records of a batch are compressed: the codec alone, as the attributes name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Codec {
    None,
    Gzip,
    Snappy,
    Lz4,
    Zstd,
}

impl Codec {
    /// `None` for a number that names no codec.
    pub const fn from_wire(raw: u8) -> Option<Self> {
        match raw {
            0 => Some(Self::None),
            1 => Some(Self::Gzip),
            2 => Some(Self::Snappy),
            3 => Some(Self::Lz4),
            4 => Some(Self::Zstd),
            _ => None,
        }
    }

    pub const fn to_wire(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Gzip => 1,
            Self::Snappy => 2,
            Self::Lz4 => 3,
            Self::Zstd => 4,
        }
    }

    /// The name that Kafka's tools and metrics use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Snappy => "snappy",
            Self::Lz4 => "lz4",
            Self::Zstd => "zstd",
        }
    }
}

/// Who set the time of the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimestampType {
    /// The producer, record by record.
    CreateTime,
    /// The leader, one time for the batch: its largest timestamp.
    LogAppendTime,
}

/// The two attribute bytes of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Attributes(u16);

const CODEC: u16 = 0b111;
const LOG_APPEND_TIME: u16 = 1 << 3;
const TRANSACTIONAL: u16 = 1 << 4;
const CONTROL: u16 = 1 << 5;
const DELETE_HORIZON: u16 = 1 << 6;

impl Attributes {
    pub const fn from_wire(raw: u16) -> Self {
        Self(raw)
    }

    pub const fn to_wire(self) -> u16 {
        self.0
    }

    /// `None` when the number names no codec of Kafka 4.4.
    pub const fn codec(self) -> Option<Codec> {
        #[allow(clippy::cast_possible_truncation, reason = "three bits are left")]
        Codec::from_wire((self.0 & CODEC) as u8)
    }

    pub const fn timestamp_type(self) -> TimestampType {
        if self.0 & LOG_APPEND_TIME == 0 {
            TimestampType::CreateTime
        } else {
            TimestampType::LogAppendTime
        }
    }

    pub const fn is_transactional(self) -> bool {
        self.0 & TRANSACTIONAL != 0
    }

    pub const fn is_control(self) -> bool {
        self.0 & CONTROL != 0
    }

    /// Whether the base timestamp is the time at which compaction may drop the batch's tombstones or marker.
    pub const fn has_delete_horizon(self) -> bool {
        self.0 & DELETE_HORIZON != 0
    }

    /// Whether bits are set that Kafka 4.4 gives no meaning.
    pub const fn has_unknown_bits(self) -> bool {
        self.0 & !(CODEC | LOG_APPEND_TIME | TRANSACTIONAL | CONTROL | DELETE_HORIZON) != 0
    }

    pub const fn with_codec(self, codec: Codec) -> Self {
        Self(self.0 & !CODEC | codec.to_wire() as u16)
    }

    pub const fn with_timestamp_type(self, timestamp_type: TimestampType) -> Self {
        self.with(LOG_APPEND_TIME, matches!(timestamp_type, TimestampType::LogAppendTime))
    }

    pub const fn with_transactional(self, transactional: bool) -> Self {
        self.with(TRANSACTIONAL, transactional)
    }

    pub const fn with_control(self, control: bool) -> Self {
        self.with(CONTROL, control)
    }

    pub const fn with_delete_horizon(self, set: bool) -> Self {
        self.with(DELETE_HORIZON, set)
    }

    const fn with(self, bit: u16, set: bool) -> Self {
        Self(if set { self.0 | bit } else { self.0 & !bit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bit_is_set_and_read_back_alone() {
        let none = Attributes::default();
        assert_eq!(none.codec(), Some(Codec::None));
        assert_eq!(none.with_codec(Codec::Zstd).to_wire(), 4);
        assert_eq!(none.with_timestamp_type(TimestampType::LogAppendTime).to_wire(), 8);
        assert_eq!(none.with_transactional(true).to_wire(), 16);
        assert_eq!(none.with_control(true).to_wire(), 32);
        assert_eq!(none.with_delete_horizon(true).to_wire(), 64);
        assert_eq!(Attributes::from_wire(0x7f).with_control(false).to_wire(), 0x5f);
        assert_eq!(Attributes::from_wire(3).with_codec(Codec::Gzip).codec(), Some(Codec::Gzip));
    }

    #[test]
    fn what_kafka_does_not_define_is_seen() {
        assert_eq!(Attributes::from_wire(5).codec(), None);
        assert!(Attributes::from_wire(0x80).has_unknown_bits());
        assert!(Attributes::from_wire(0x8000).has_unknown_bits());
        assert!(!Attributes::from_wire(0x7f).has_unknown_bits());
    }
}
