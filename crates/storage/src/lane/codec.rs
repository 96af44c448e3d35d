//! Groups and frames of the write-ahead log as bytes.
//!
//! A file is a row of groups, each beginning at a page. A group is a header of 64 bytes, its frames and what they point to; a frame
//! is a header of 64 bytes and, for batches, names and log starts, its payload. A batch may also lie apart, behind all frames of the group:
//! then the distance from its frame's start to it and the checksum that it carries (4 bytes each) stand in the payload's place. All numbers are big-endian.
//!
//! | at | frame | group |
//! |---|---|---|
//! | 0 | `OW`, version 1, type | the same, type 0 |
//! | 4 | CRC-32C of the header and the salt of this life | the same |
//! | 8 | sequence | number |
//! | 16 | topic id | oldest group that a replay needs (8), first sequence (8) |
//! | 32 | partition, leader epoch | bytes behind this header, count of frames |
//! | 40 | offset | zeros |
//! | 48 | base offset of the segment | zeros |
//! | 56 | position in it, length | zeros |
//!
//! The salt makes frames of an earlier life of a recycled file, and bytes that a producer made to look like a frame,
//! invalid.

use model::{LeaderEpoch, Offset, PartitionId, PartitionIndex, TopicId, Uuid};
use record::crc32c;

use crate::bytes::{Take, set};
use crate::limits::FRAME_HEADER_SIZE;

const MAGIC: [u8; 3] = [b'O', b'W', 1];

/// Mixed into every checksum; random for each life of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Salt(pub(crate) [u8; 8]);

impl Salt {
    /// With a checksum of its own: by a wrong salt, the whole write-ahead log would look as if nothing were in it.
    pub(crate) fn to_file(self) -> [u8; 12] {
        let mut out = [0; 12];
        set(&mut out, 0, self.0);
        set(&mut out, 8, crc32c(&self.0).to_be_bytes());
        out
    }

    pub(crate) fn from_file(bytes: &[u8]) -> Option<Self> {
        let (salt, crc) = bytes.split_last_chunk()?;
        let salt: [u8; 8] = salt.try_into().ok()?;
        (crc32c(&salt) == u32::from_be_bytes(*crc)).then_some(Self(salt))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameType {
    Batch = 1,
    /// `length` bytes of batches lie at the position in the segment, synced with the group.
    Bulk = 2,
    Truncate = 3,
    /// The payload is what was known of producers, or empty; its CRC-32C stands where the position does.
    LogStart = 4,
    Reset = 5,
    Delete = 6,
    /// The topic's name is the payload; its CRC-32C stands where the position does. So a log is drained without the
    /// cluster's metadata.
    Name = 7,
}

/// The type, in the file, of a batch that lies apart.
const APART_TYPE: u8 = 8;

impl FrameType {
    const fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            1 => Self::Batch,
            2 => Self::Bulk,
            3 => Self::Truncate,
            4 => Self::LogStart,
            5 => Self::Reset,
            6 => Self::Delete,
            7 => Self::Name,
            _ => return None,
        })
    }

    pub(crate) const fn has_payload(self) -> bool {
        matches!(self, Self::Batch | Self::Name | Self::LogStart)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FrameHeader {
    pub(crate) frame_type: FrameType,
    pub(crate) sequence: u64,
    pub(crate) id: PartitionId,
    pub(crate) leader_epoch: LeaderEpoch,
    pub(crate) offset: Offset,
    pub(crate) segment: Offset,
    pub(crate) position: u32,
    pub(crate) length: u32,
    /// Of a batch: its payload lies behind the frames.
    pub(crate) is_apart: bool,
}

pub(crate) type HeaderBytes = [u8; FRAME_HEADER_SIZE];

/// Where a batch lies that is not behind the header of its frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ApartPlace {
    /// From the frame's start.
    pub(super) distance: u32,
    /// The checksum that the batch carries: a place that was not written may hold another batch of the same offset, left by an
    /// earlier turn.
    pub(super) checksum: [u8; 4],
}

impl ApartPlace {
    pub(super) const SIZE: usize = 8;

    pub(super) fn of(batch: &[u8], distance: u32) -> Self {
        let checksum = batch.get(BATCH_CHECKSUM).and_then(|bytes| bytes.try_into().ok());
        Self { distance, checksum: checksum.unwrap_or_default() }
    }

    pub(super) fn encode(self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        set(&mut out, 0, self.distance.to_be_bytes());
        set(&mut out, 4, self.checksum);
        out
    }

    /// The batch, of a frame that begins with `bytes`.
    fn find<'a>(bytes: &'a [u8], take: &mut Take<'a>, length: usize) -> Option<&'a [u8]> {
        let distance = u32::from_be_bytes(take.array()?) as usize;
        let checksum: [u8; 4] = take.array()?;
        let batch = bytes.get(distance..distance.checked_add(length)?)?;
        (batch.get(BATCH_CHECKSUM)? == checksum).then_some(batch)
    }
}

/// Where a batch has its checksum.
const BATCH_CHECKSUM: std::ops::Range<usize> = 17..21;

impl FrameHeader {
    pub(crate) fn encode(&self, salt: Salt) -> HeaderBytes {
        let mut out = start(if self.is_apart { APART_TYPE } else { self.frame_type as u8 });
        set(&mut out, 8, self.sequence.to_be_bytes());
        set(&mut out, 16, *self.id.topic.uuid().as_bytes());
        set(&mut out, 32, self.id.partition.to_wire().to_be_bytes());
        set(&mut out, 36, self.leader_epoch.to_wire().to_be_bytes());
        set(&mut out, 40, self.offset.to_wire().to_be_bytes());
        set(&mut out, 48, self.segment.to_wire().to_be_bytes());
        set(&mut out, 56, self.position.to_be_bytes());
        set(&mut out, 60, self.length.to_be_bytes());
        sealed(out, salt)
    }

    /// `None` when the bytes are not a frame of this life.
    pub(crate) fn decode(bytes: &HeaderBytes, salt: Salt) -> Option<Self> {
        let (frame_type, mut take) = checked(bytes, salt)?;
        let is_apart = frame_type == APART_TYPE;
        let frame_type =
            if is_apart { FrameType::Batch } else { FrameType::from_byte(frame_type)? };
        let sequence = u64::from_be_bytes(take.array()?);
        let topic = TopicId::new(Uuid::from_bytes(take.array()?))?;
        let partition = PartitionIndex::from_wire(i32::from_be_bytes(take.array()?))?;
        Some(Self {
            frame_type,
            sequence,
            id: PartitionId { topic, partition },
            leader_epoch: LeaderEpoch::from_wire(i32::from_be_bytes(take.array()?))?,
            offset: Offset::from_wire(i64::from_be_bytes(take.array()?))?,
            segment: Offset::from_wire(i64::from_be_bytes(take.array()?))?,
            position: u32::from_be_bytes(take.array()?),
            length: u32::from_be_bytes(take.array()?),
            is_apart,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GroupHeader {
    pub(crate) number: u64,
    /// The oldest group that replay needed when this one was written: what a lost checkpoint would have said.
    pub(crate) oldest_needed: u64,
    pub(crate) first_sequence: u64,
    /// Bytes of frames behind the header.
    pub(crate) length: u32,
    pub(crate) frame_count: u32,
}

impl GroupHeader {
    pub(crate) fn encode(&self, salt: Salt) -> HeaderBytes {
        let mut out = start(0);
        set(&mut out, 8, self.number.to_be_bytes());
        set(&mut out, 16, self.oldest_needed.to_be_bytes());
        set(&mut out, 24, self.first_sequence.to_be_bytes());
        set(&mut out, 32, self.length.to_be_bytes());
        set(&mut out, 36, self.frame_count.to_be_bytes());
        sealed(out, salt)
    }

    pub(crate) fn decode(bytes: &HeaderBytes, salt: Salt) -> Option<Self> {
        let (frame_type, mut take) = checked(bytes, salt)?;
        if frame_type != 0 {
            return None;
        }
        Some(Self {
            number: u64::from_be_bytes(take.array()?),
            oldest_needed: u64::from_be_bytes(take.array()?),
            first_sequence: u64::from_be_bytes(take.array()?),
            length: u32::from_be_bytes(take.array()?),
            frame_count: u32::from_be_bytes(take.array()?),
        })
    }
}

fn start(frame_type: u8) -> HeaderBytes {
    let mut out = [0; FRAME_HEADER_SIZE];
    set(&mut out, 0, MAGIC);
    out[3] = frame_type;
    out
}

fn checksum(bytes: &HeaderBytes, salt: Salt) -> u32 {
    let mut covered = [0; FRAME_HEADER_SIZE + 4];
    covered[..4].copy_from_slice(&bytes[..4]);
    covered[4..FRAME_HEADER_SIZE - 4].copy_from_slice(&bytes[8..]);
    covered[FRAME_HEADER_SIZE - 4..].copy_from_slice(&salt.0);
    crc32c(&covered)
}

fn sealed(mut out: HeaderBytes, salt: Salt) -> HeaderBytes {
    let crc = checksum(&out, salt);
    set(&mut out, 4, crc.to_be_bytes());
    out
}

/// The type, and what follows the checksum.
fn checked(bytes: &HeaderBytes, salt: Salt) -> Option<(u8, Take<'_>)> {
    let mut take = Take::new(bytes);
    let [a, b, version, frame_type] = take.array()?;
    if [a, b, version] != MAGIC || u32::from_be_bytes(take.array()?) != checksum(bytes, salt) {
        return None;
    }
    Some((frame_type, take))
}

/// A frame and its payload, empty where it has none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FrameView<'a> {
    pub(crate) header: FrameHeader,
    pub(crate) payload: &'a [u8],
    /// Bytes of the frame, without a payload that lies apart.
    size: usize,
}

impl<'a> FrameView<'a> {
    /// The frame at the start of `bytes`; its payload is not checked.
    pub(crate) fn parse(bytes: &'a [u8], salt: Salt) -> Option<Self> {
        let mut take = Take::new(bytes);
        let header = FrameHeader::decode(&take.array()?, salt)?;
        let length = header.length as usize;
        if header.is_apart {
            let payload = ApartPlace::find(bytes, &mut take, length)?;
            return Some(Self { header, payload, size: FRAME_HEADER_SIZE + ApartPlace::SIZE });
        }
        let size = if header.frame_type.has_payload() { length } else { 0 };
        Some(Self { header, payload: take.slice(size)?, size: FRAME_HEADER_SIZE + size })
    }

    /// Bytes of the frame, without a payload that lies apart.
    pub(crate) const fn size(&self) -> usize {
        self.size
    }
}

/// A group whose every frame is whole.
#[derive(Clone, Debug)]
pub(crate) struct GroupView<'a> {
    pub(crate) header: GroupHeader,
    /// What is behind the header.
    content: &'a [u8],
    salt: Salt,
}

impl<'a> GroupView<'a> {
    /// The group at the start of `bytes`; `None` when there is none, or a frame of it is not whole.
    pub(crate) fn parse(bytes: &'a [u8], salt: Salt) -> Option<Self> {
        let (head, rest) = bytes.split_first_chunk()?;
        let header = GroupHeader::decode(head, salt)?;
        let group = Self { header, content: rest.get(..header.length as usize)?, salt };
        group.is_whole().then_some(group)
    }

    /// As [`Self::parse`], of a group that it found whole before.
    pub(crate) fn parse_known(bytes: &'a [u8], salt: Salt) -> Option<Self> {
        let (head, rest) = bytes.split_first_chunk()?;
        let header = GroupHeader::decode(head, salt)?;
        Some(Self { header, content: rest.get(..header.length as usize)?, salt })
    }

    fn is_whole(&self) -> bool {
        let header = self.header;
        let mut last = None;
        let mut count = 0;
        for frame in self.frames() {
            let sequence = frame.header.sequence;
            if sequence < header.first_sequence || last.is_some_and(|last| sequence < last) {
                return false;
            }
            if !payload_is_whole(&frame) {
                return false;
            }
            last = Some(sequence);
            count += 1;
        }
        count == header.frame_count
    }

    /// Bytes of the group, padding apart.
    pub(crate) const fn size(&self) -> usize {
        FRAME_HEADER_SIZE + self.content.len()
    }

    pub(crate) fn frames(&self) -> impl Iterator<Item = FrameView<'a>> + use<'a> {
        let salt = self.salt;
        let mut rest = self.content;
        let mut left = self.header.frame_count;
        std::iter::from_fn(move || {
            left = left.checked_sub(1)?;
            let frame = FrameView::parse(rest, salt)?;
            rest = rest.get(frame.size()..)?;
            Some(frame)
        })
    }
}

/// A batch carries its own checksum; what that leaves out stands in the frame's header too.
fn payload_is_whole(frame: &FrameView<'_>) -> bool {
    match frame.header.frame_type {
        FrameType::Name | FrameType::LogStart => crc32c(frame.payload) == frame.header.position,
        FrameType::Batch => record::BatchView::parse_checked(frame.payload).is_ok_and(|batch| {
            batch.bytes().len() == frame.payload.len()
                && batch.header().base_offset() == frame.header.offset
                && batch.header().leader_epoch() == Some(frame.header.leader_epoch)
        }),
        FrameType::Bulk | FrameType::Truncate | FrameType::Reset | FrameType::Delete => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: Salt = Salt([1; 8]);

    fn header() -> FrameHeader {
        FrameHeader {
            frame_type: FrameType::Truncate,
            sequence: 9,
            id: PartitionId { topic: TopicId::METADATA, partition: PartitionIndex::ZERO },
            leader_epoch: LeaderEpoch::ZERO,
            offset: Offset::from_wire(5).unwrap(),
            segment: Offset::ZERO,
            position: 77,
            length: 0,
            is_apart: false,
        }
    }

    #[test]
    fn headers_are_read_back_and_any_flipped_bit_is_noticed() {
        let bytes = header().encode(SALT);
        assert_eq!(FrameHeader::decode(&bytes, SALT), Some(header()));
        for position in 0..bytes.len() * 8 {
            let mut bad = bytes;
            bad[position / 8] ^= 1 << (position % 8);
            assert_eq!(FrameHeader::decode(&bad, SALT), None, "bit {position}");
        }
    }

    #[test]
    fn a_salt_is_read_back_and_any_flipped_bit_is_noticed() {
        let bytes = SALT.to_file();
        assert_eq!(Salt::from_file(&bytes), Some(SALT));
        for position in 0..bytes.len() * 8 {
            let mut bad = bytes;
            bad[position / 8] ^= 1 << (position % 8);
            assert_eq!(Salt::from_file(&bad), None, "bit {position}");
        }
    }

    #[test]
    fn a_frame_of_another_life_is_none() {
        assert_eq!(FrameHeader::decode(&header().encode(SALT), Salt([2; 8])), None);
    }

    #[test]
    fn a_group_is_whole_or_it_is_none() {
        let frames = [header().encode(SALT), FrameHeader { sequence: 10, ..header() }.encode(SALT)];
        let group = GroupHeader {
            number: 3,
            oldest_needed: 1,
            first_sequence: 9,
            length: 128,
            frame_count: 2,
        };
        let bytes = [group.encode(SALT).as_slice(), frames.as_flattened()].concat();
        let view = GroupView::parse(&bytes, SALT).unwrap();
        assert_eq!((view.header, view.size(), view.frames().count()), (group, 192, 2));
        for end in 0..bytes.len() {
            assert!(GroupView::parse(&bytes[..end], SALT).is_none());
        }
        let stale = GroupHeader { first_sequence: 10, ..group };
        let bytes = [stale.encode(SALT).as_slice(), frames.as_flattened()].concat();
        assert!(GroupView::parse(&bytes, SALT).is_none(), "a frame of an earlier group");
    }
}
