use std::fmt::Debug;

use bytes::Bytes;
use model::SeededRandom;
use wire::messages::{
    ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatRequestView, FetchRequest,
    FetchRequestView, HeartbeatRequest, HeartbeatRequestView, ListOffsetsRequest,
    ListOffsetsRequestView, MetadataRequest, MetadataRequestView, OffsetCommitRequest,
    OffsetCommitRequestView, OffsetFetchRequest, OffsetFetchRequestView, ProduceRequest,
    ProduceRequestView,
};
use wire::schema::{find, random_bytes};
use wire::{DecodeError, Message};

/// That the view says of random requests, in each version, what the owned message says; and refuses what it refuses.
fn check<M: Message + Debug>(view: impl Fn(&[u8], i16) -> Result<M, DecodeError>) {
    let schema = find(M::NAME).unwrap();
    let mut random = SeededRandom::new(5);
    for version in M::VERSIONS.iter() {
        for _ in 0..50 {
            let data = Bytes::from(random_bytes(schema, version, &mut random));
            assert_eq!(view(&data, version), M::decode_exact(&data, version));
            assert!(view(&data[..data.len() - 1], version).is_err());
            assert!(view(&[&data[..], b"!"].concat(), version).is_err());
            let mut damaged = data.to_vec();
            let place = usize::try_from(random.below(data.len() as u64)).unwrap();
            damaged[place] ^= 0x81;
            let owned = M::decode_exact(&Bytes::from(damaged.clone()), version);
            assert_eq!(view(&damaged, version), owned);
        }
    }
    let version = M::VERSIONS.max + 1;
    assert!(matches!(view(&[], version), Err(DecodeError::Version { .. })));
}

#[test]
fn produce() {
    check(|data, version| ProduceRequestView::parse(data, version).map(ProduceRequest::from));
}

#[test]
fn fetch() {
    check(|data, version| FetchRequestView::parse(data, version).map(FetchRequest::from));
}

#[test]
fn metadata() {
    check(|data, version| MetadataRequestView::parse(data, version).map(MetadataRequest::from));
}

#[test]
fn offset_commit() {
    check(|data, version| {
        OffsetCommitRequestView::parse(data, version).map(OffsetCommitRequest::from)
    });
}

#[test]
fn offset_fetch() {
    check(|data, version| {
        OffsetFetchRequestView::parse(data, version).map(OffsetFetchRequest::from)
    });
}

#[test]
fn heartbeat() {
    check(|data, version| HeartbeatRequestView::parse(data, version).map(HeartbeatRequest::from));
}

#[test]
fn consumer_group_heartbeat() {
    check(|data, version| {
        ConsumerGroupHeartbeatRequestView::parse(data, version)
            .map(ConsumerGroupHeartbeatRequest::from)
    });
}

#[test]
fn list_offsets() {
    check(|data, version| {
        ListOffsetsRequestView::parse(data, version).map(ListOffsetsRequest::from)
    });
}
