use std::collections::BTreeSet;

use model::TopicName;

use crate::SUBSCRIPTION_TOPIC_COUNT_MAX;

/// The protocol type of Kafka's consumers, the only one whose metadata the coordinator can read.
pub(crate) const CONSUMER_PROTOCOL_TYPE: &str = "consumer";

/// What the list of groups says of share groups.
pub(crate) const SHARE_PROTOCOL_TYPE: &str = "share";

/// The topics of a consumer's subscription; `None` when the bytes are not one. Every version begins as version 0 does,
/// so only that is read: version i16, topics, user data. Names that no topic can have are left out.
pub(crate) fn subscribed_topics(metadata: &[u8], topics: &mut BTreeSet<TopicName>) -> Option<()> {
    let mut rest = metadata;
    if i16::from_be_bytes(take(&mut rest)?) < 0 {
        return None;
    }
    let count = usize::try_from(i32::from_be_bytes(take(&mut rest)?)).ok()?;
    if count > SUBSCRIPTION_TOPIC_COUNT_MAX.min(rest.len() / 2) {
        return None;
    }
    for _ in 0..count {
        let size = usize::try_from(i16::from_be_bytes(take(&mut rest)?)).ok()?;
        let (name, after) = rest.split_at_checked(size)?;
        rest = after;
        if let Ok(topic) = TopicName::new(std::str::from_utf8(name).ok()?) {
            topics.insert(topic);
        }
    }
    let user_data_size = i32::from_be_bytes(take(&mut rest)?);
    if user_data_size != -1 {
        rest.split_at_checked(usize::try_from(user_data_size).ok()?)?;
    }
    Some(())
}

pub(crate) fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk()?;
    *rest = tail;
    Some(*head)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A subscription of version 1, without user data and with no partition owned.
    pub(crate) fn subscription(topics: &[&str]) -> Vec<u8> {
        let mut bytes = vec![0, 1];
        bytes.extend(i32::try_from(topics.len()).unwrap().to_be_bytes());
        for topic in topics {
            bytes.extend(i16::try_from(topic.len()).unwrap().to_be_bytes());
            bytes.extend(topic.as_bytes());
        }
        bytes.extend((-1_i32).to_be_bytes());
        bytes.extend(0_i32.to_be_bytes());
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Vec<String>> {
        let mut topics = BTreeSet::new();
        subscribed_topics(bytes, &mut topics)?;
        Some(topics.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_newer_subscription_is_read_as_version_0() {
        assert_eq!(read(&subscription(&["b", "a", "b"])), Some(vec!["a".into(), "b".into()]));
    }

    #[test]
    fn bytes_cut_anywhere_before_the_end_of_version_0_are_no_subscription() {
        let whole = subscription(&["orders"]);
        for size in 0..whole.len() - 4 {
            assert_eq!(read(&whole[..size]), None, "{size}");
        }
    }

    #[test]
    fn a_forged_count_is_refused() {
        assert_eq!(read(&[0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0]), None);
        assert_eq!(read(&[0xff, 0xff, 0, 0, 0, 0, 0, 0]), None);
    }
}
