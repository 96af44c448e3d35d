use std::fmt;
use std::sync::Arc;

/// Longest topic name: a partition directory appends a dash, the index and, when deleted, an id of 32 digits and a
/// suffix, and a file name may have 255 bytes.
pub const TOPIC_NAME_SIZE_MAX: usize = 249;

/// A topic name that Kafka accepts: 1 to 249 of `a-z A-Z 0-9 . _ -`, and neither `.` nor `..`. Cloning is cheap.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicName(Arc<str>);

/// Why a text is not a topic name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidTopicName {
    Empty,
    Dots,
    TooLong,
    Character,
}

impl fmt::Display for InvalidTopicName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "a topic name must not be empty",
            Self::Dots => "a topic name must not be '.' or '..'",
            Self::TooLong => "a topic name has at most 249 characters",
            Self::Character => "a topic name has only ASCII letters, digits, '.', '_' and '-'",
        })
    }
}

impl std::error::Error for InvalidTopicName {}

impl TopicName {
    pub fn new(text: &str) -> Result<Self, InvalidTopicName> {
        Self::check(text)?;
        Ok(Self(text.into()))
    }

    /// Whether `text` is a topic name, without making one.
    pub fn check(text: &str) -> Result<(), InvalidTopicName> {
        if text.is_empty() {
            return Err(InvalidTopicName::Empty);
        }
        if text == "." || text == ".." {
            return Err(InvalidTopicName::Dots);
        }
        if text.len() > TOPIC_NAME_SIZE_MAX {
            return Err(InvalidTopicName::TooLong);
        }
        let allowed = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'-');
        if !text.bytes().all(allowed) {
            return Err(InvalidTopicName::Character);
        }
        Ok(())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the two names would be one in metric names, where `.` becomes `_`.
    pub fn collides_with(&self, other: &Self) -> bool {
        let fold = |c: u8| if c == b'.' { b'_' } else { c };
        self.0.bytes().map(fold).eq(other.0.bytes().map(fold))
    }
}

impl std::borrow::Borrow<str> for TopicName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TopicName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Debug for TopicName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_kafka_refuses_are_refused() {
        assert_eq!(TopicName::new(""), Err(InvalidTopicName::Empty));
        assert_eq!(TopicName::new(".."), Err(InvalidTopicName::Dots));
        assert_eq!(TopicName::new(&"a".repeat(250)), Err(InvalidTopicName::TooLong));
        assert_eq!(TopicName::new("a b"), Err(InvalidTopicName::Character));
        assert_eq!(TopicName::new("ä"), Err(InvalidTopicName::Character));
        assert!(TopicName::new(&"a".repeat(249)).is_ok());
    }

    #[test]
    fn dot_and_underscore_collide() {
        let name = |text| TopicName::new(text).unwrap();
        assert!(name("a.b_c").collides_with(&name("a_b.c")));
        assert!(!name("a.b").collides_with(&name("a-b")));
    }
}
