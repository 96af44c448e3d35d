use std::fmt::Write;
use std::str::FromStr;

use model::{LeaderEpoch, Offset, PartitionIndex, TopicId, TopicName, TopicPartition};
use replica::EpochStart;

use super::BadForm;

/// Lines behind a version and a count.
fn decode_lines<T>(bytes: &[u8], line: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, BadForm> {
    let text = std::str::from_utf8(bytes).map_err(|_| BadForm)?;
    let mut lines = text.lines();
    if lines.next() != Some("0") {
        return Err(BadForm);
    }
    let count: usize = parse(lines.next().ok_or(BadForm)?).ok_or(BadForm)?;
    let entries = lines.map(|text| line(text).ok_or(BadForm)).collect::<Result<Vec<_>, _>>()?;
    if entries.len() == count { Ok(entries) } else { Err(BadForm) }
}

fn parse<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

/// Writing into a `String` cannot fail.
fn push_line(out: &mut String, line: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(line);
    out.push('\n');
}

/// `topic partition offset` lines, as in `recovery-point-offset-checkpoint` and its like.
pub fn encode_offsets<'a>(
    entries: impl ExactSizeIterator<Item = (&'a TopicPartition, Offset)>,
) -> Vec<u8> {
    let mut out = String::new();
    push_line(&mut out, format_args!("0\n{}", entries.len()));
    for (name, offset) in entries {
        push_line(&mut out, format_args!("{} {} {offset}", name.topic, name.partition));
    }
    out.into_bytes()
}

pub fn decode_offsets(bytes: &[u8]) -> Result<Vec<(TopicPartition, Offset)>, BadForm> {
    decode_lines(bytes, |line| {
        let mut words = line.split_ascii_whitespace();
        let topic = TopicName::new(words.next()?).ok()?;
        let partition = PartitionIndex::from_wire(parse(words.next()?)?)?;
        let offset = Offset::from_wire(parse(words.next()?)?)?;
        words.next().is_none().then_some((TopicPartition { topic, partition }, offset))
    })
}

/// `leader-epoch-checkpoint`: `epoch startOffset` lines.
pub fn encode_leader_epochs(entries: &[EpochStart]) -> Vec<u8> {
    let mut out = String::new();
    push_line(&mut out, format_args!("0\n{}", entries.len()));
    for entry in entries {
        push_line(&mut out, format_args!("{} {}", entry.epoch, entry.start));
    }
    out.into_bytes()
}

pub fn decode_leader_epochs(bytes: &[u8]) -> Result<Vec<EpochStart>, BadForm> {
    decode_lines(bytes, |line| {
        let (epoch, start) = line.split_once(' ')?;
        let epoch = LeaderEpoch::from_wire(parse(epoch)?)?;
        Some(EpochStart { epoch, start: Offset::from_wire(parse(start)?)? })
    })
}

/// `partition.metadata`: which topic's life the directory belongs to.
pub fn encode_partition_metadata(topic: TopicId) -> Vec<u8> {
    format!("version: 0\ntopic_id: {topic}").into_bytes()
}

pub fn decode_partition_metadata(bytes: &[u8]) -> Result<TopicId, BadForm> {
    let text = std::str::from_utf8(bytes).map_err(|_| BadForm)?;
    let field = |name: &str| {
        text.lines()
            .find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(':'))
            .map(str::trim)
    };
    if field("version") != Some("0") {
        return Err(BadForm);
    }
    field("topic_id").and_then(parse).and_then(TopicId::new).ok_or(BadForm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offset_checkpoints_have_kafkas_form() {
        let name = TopicPartition {
            topic: TopicName::new("a.b-c").unwrap(),
            partition: PartitionIndex::from_wire(3).unwrap(),
        };
        let bytes = encode_offsets([(&name, Offset::from_wire(99).unwrap())].into_iter());
        assert_eq!(bytes, b"0\n1\na.b-c 3 99\n");
        assert_eq!(decode_offsets(&bytes).unwrap(), [(name, Offset::from_wire(99).unwrap())]);
        assert_eq!(decode_offsets(b"0\n0\n").unwrap(), []);
    }

    #[test]
    fn a_checkpoint_that_is_cut_or_garbage_is_refused() {
        for bad in
            [&b""[..], b"1\n0\n", b"0\n2\na 0 1\n", b"0\n1\na 0 -1\n", b"0\n1\na 0\n", b"\xff"]
        {
            assert_eq!(decode_offsets(bad), Err(BadForm));
        }
        assert_eq!(decode_leader_epochs(b"0\n1\n5\n"), Err(BadForm));
    }

    #[test]
    fn leader_epochs_have_kafkas_form() {
        let entry = EpochStart {
            epoch: LeaderEpoch::from_wire(5).unwrap(),
            start: Offset::from_wire(10).unwrap(),
        };
        assert_eq!(encode_leader_epochs(&[entry]), b"0\n1\n5 10\n");
        assert_eq!(decode_leader_epochs(b"0\n1\n5 10\n"), Ok(vec![entry]));
    }

    #[test]
    fn partition_metadata_names_the_topic_id() {
        let topic = TopicId::METADATA;
        let bytes = encode_partition_metadata(topic);
        assert_eq!(bytes, b"version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ");
        assert_eq!(decode_partition_metadata(&bytes), Ok(topic));
        assert_eq!(decode_partition_metadata(b"version: 1\n"), Err(BadForm));
    }
}
