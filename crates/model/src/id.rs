use std::fmt;
use std::str::FromStr;

/// Identifies a broker or controller process; never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BrokerId(i32);

impl BrokerId {
    /// `None` for a negative number, which on the wire means "no broker".
    pub const fn from_wire(raw: i32) -> Option<Self> {
        if raw >= 0 { Some(Self(raw)) } else { None }
    }

    pub const fn to_wire(self) -> i32 {
        self.0
    }
}

impl fmt::Display for BrokerId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Number of a partition within its topic, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartitionIndex(i32);

impl PartitionIndex {
    pub const ZERO: Self = Self(0);

    /// `None` for a negative number.
    pub const fn from_wire(raw: i32) -> Option<Self> {
        if raw >= 0 { Some(Self(raw)) } else { None }
    }

    pub const fn to_wire(self) -> i32 {
        self.0
    }
}

impl fmt::Display for PartitionIndex {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Sixteen bytes, written as 22 characters of url-safe base64 without padding, as Kafka writes them.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid([u8; 16]);

/// A text that is not a Kafka uuid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseUuidError;

impl fmt::Display for ParseUuidError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("expected 22 characters of url-safe base64")
    }
}

impl std::error::Error for ParseUuidError {}

const BASE64_URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

impl Uuid {
    /// Means "none" on the wire.
    pub const ZERO: Self = Self([0; 16]);
    /// Reserved for the metadata topic.
    pub const ONE: Self = Self([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);

    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    pub const fn is_zero(&self) -> bool {
        u128::from_be_bytes(self.0) == 0
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = u128::from_be_bytes(self.0);
        let mut text = [0_u8; 22];
        for (index, place) in text.iter_mut().enumerate() {
            // 21 groups of six bits from the top, then two bits that stand high in the last group.
            let six = if index < 21 { bits >> (122 - 6 * index) } else { bits << 4 } & 0x3f;
            *place = BASE64_URL[six as usize & 0x3f];
        }
        formatter.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for Uuid {
    type Err = ParseUuidError;

    /// Padding (`==`) is accepted, as Kafka accepts it.
    fn from_str(text: &str) -> Result<Self, ParseUuidError> {
        let text = text.trim_end_matches('=').as_bytes();
        if text.len() != 22 {
            return Err(ParseUuidError);
        }
        let mut bits = 0_u128;
        for (index, character) in text.iter().enumerate() {
            let six = BASE64_URL.iter().position(|c| c == character).ok_or(ParseUuidError)? as u128;
            bits = if index < 21 { bits << 6 | six } else { bits << 2 | six >> 4 };
        }
        Ok(Self(bits.to_be_bytes()))
    }
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// `None` for the zero uuid, which means "none" on the wire.
            pub const fn new(uuid: Uuid) -> Option<Self> {
                if uuid.is_zero() { None } else { Some(Self(uuid)) }
            }

            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, formatter)
            }
        }
    };
}

uuid_id! {
    /// Names one life of a topic: a topic made again under an old name has another id (KIP-516).
    TopicId
}
uuid_id! {
    /// Names a log directory (KIP-858). The lowest hundred are reserved.
    DirectoryId
}

impl TopicId {
    /// The id of `__cluster_metadata`.
    pub const METADATA: Self = Self(Uuid::ONE);
}

impl DirectoryId {
    /// A replica whose directory has not been chosen yet.
    pub const UNASSIGNED: Uuid = Uuid::ZERO;
    /// A replica whose directory is lost.
    pub const LOST: Self = Self(Uuid::ONE);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuid_text_is_url_safe_base64_of_22_characters() {
        assert_eq!(Uuid::ONE.to_string(), "AAAAAAAAAAAAAAAAAAAAAQ");
        let all = Uuid::from_bytes([0xff; 16]);
        assert_eq!(all.to_string(), "_____________________w");
        assert_eq!(all.to_string().parse(), Ok(all));
        let mixed = Uuid::from_bytes([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
        assert_eq!(mixed.to_string().parse(), Ok(mixed));
    }

    #[test]
    fn a_text_that_is_no_uuid_is_refused() {
        assert_eq!("short".parse::<Uuid>(), Err(ParseUuidError));
        assert_eq!("AAAAAAAAAAAAAAAAAAAA+Q".parse::<Uuid>(), Err(ParseUuidError));
    }

    #[test]
    fn the_zero_uuid_is_no_topic_id() {
        assert_eq!(TopicId::new(Uuid::ZERO), None);
    }
}
