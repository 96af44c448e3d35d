use bytes::Bytes;
use model::SeededRandom;
use wire::messages::{FetchResponse, ProduceResponse, ShareFetchResponse};
use wire::schema::random_message;
use wire::{
    FetchResponseHead, FetchResponseWriter, Message, ProduceResponseWriter,
    ShareFetchResponseWriter,
};

#[test]
fn a_produce_response_in_pieces_is_the_one_encoded_whole() {
    let mut random = SeededRandom::new(6);
    for version in ProduceResponse::VERSIONS.iter() {
        for _ in 0..50 {
            let response: ProduceResponse = random_message(version, &mut random).unwrap();
            let mut whole = Vec::new();
            response.encode(&mut whole, version).unwrap();

            let mut pieces = Vec::new();
            let count = response.responses.len();
            let mut writer = ProduceResponseWriter::begin(&mut pieces, version, count).unwrap();
            for topic in &response.responses {
                let partitions = &topic.partition_responses;
                writer.topic(&topic.name, topic.topic_id, partitions.len()).unwrap();
                partitions.iter().for_each(|partition| writer.partition(partition).unwrap());
            }
            writer.finish(response.throttle_time_ms, &response.node_endpoints).unwrap();
            assert_eq!(pieces, whole);
        }
    }
}

#[test]
fn a_fetch_response_in_pieces_is_the_one_encoded_whole_once_its_records_are_put_in() {
    let mut random = SeededRandom::new(7);
    for version in FetchResponse::VERSIONS.iter() {
        for _ in 0..50 {
            let mut response: FetchResponse = random_message(version, &mut random).unwrap();
            let partitions = response.responses.iter_mut().flat_map(|topic| &mut topic.partitions);
            partitions.for_each(|partition| {
                partition.records.get_or_insert_with(Bytes::new);
            });
            let mut whole = Vec::new();
            response.encode(&mut whole, version).unwrap();
            assert_eq!(in_pieces(&response, version), whole);
        }
    }
}

fn in_pieces(response: &FetchResponse, version: i16) -> Vec<u8> {
    let mut pieces = Vec::new();
    let mut records = Vec::new();
    let head = FetchResponseHead {
        throttle_time_ms: response.throttle_time_ms,
        error_code: response.error_code,
        session_id: response.session_id,
        topic_count: response.responses.len(),
    };
    let mut writer = FetchResponseWriter::begin(&mut pieces, version, head).unwrap();
    for topic in &response.responses {
        writer.topic(&topic.topic, topic.topic_id, topic.partitions.len()).unwrap();
        for partition in &topic.partitions {
            let bytes = partition.records.as_deref().unwrap();
            records.push((writer.partition(partition, bytes.len()).unwrap(), bytes));
        }
    }
    writer.finish(&response.node_endpoints).unwrap();
    for (position, bytes) in records.into_iter().rev() {
        pieces.splice(position..position, bytes.iter().copied());
    }
    pieces
}

#[test]
fn a_share_fetch_response_in_pieces_is_the_one_encoded_whole_once_its_records_are_put_in() {
    let mut random = SeededRandom::new(8);
    for version in ShareFetchResponse::VERSIONS.iter() {
        for _ in 0..50 {
            let mut response: ShareFetchResponse = random_message(version, &mut random).unwrap();
            let partitions = response.responses.iter_mut().flat_map(|topic| &mut topic.partitions);
            partitions.for_each(|partition| {
                partition.records.get_or_insert_with(Bytes::new);
            });
            let mut whole = Vec::new();
            response.encode(&mut whole, version).unwrap();
            let (mut pieces, mut records) = (Vec::new(), Vec::new());
            let topic_count = response.responses.len();
            let mut writer =
                ShareFetchResponseWriter::begin(&mut pieces, version, &response, topic_count)
                    .unwrap();
            for topic in &response.responses {
                writer.topic(topic.topic_id, topic.partitions.len()).unwrap();
                for partition in &topic.partitions {
                    let bytes = partition.records.as_deref().unwrap();
                    records.push((writer.partition(partition, bytes.len()).unwrap(), bytes));
                }
            }
            writer.finish(&response.node_endpoints).unwrap();
            for (position, bytes) in records.into_iter().rev() {
                pieces.splice(position..position, bytes.iter().copied());
            }
            assert_eq!(pieces, whole);
        }
    }
}

#[test]
#[should_panic(expected = "self.partitions > 0")]
fn a_partition_beyond_the_declared_count_is_a_bug() {
    let mut out = Vec::new();
    let mut writer = ProduceResponseWriter::begin(&mut out, 9, 1).unwrap();
    writer.topic("t", model::Uuid::ZERO, 0).unwrap();
    writer.partition(&Default::default()).unwrap();
}
