use bytes::Bytes;
use wire::messages::fetch_request::{FetchPartition, FetchTopic};
use wire::messages::{ApiVersionsRequest, FetchRequest, FetchResponse, HeartbeatRequest};
use wire::{EncodeError, ErrorCode, Message, Reader};

fn encode(message: &impl Message, version: i16) -> Vec<u8> {
    let mut out = Vec::new();
    message.encode(&mut out, version).unwrap();
    out
}

#[test]
fn api_versions_3_has_compact_strings_and_tagged_fields() {
    let request = ApiVersionsRequest {
        client_software_name: "apache-kafka-java".to_owned(),
        client_software_version: "4.4.0".to_owned(),
        ..ApiVersionsRequest::default()
    };
    assert_eq!(encode(&request, 3), b"\x12apache-kafka-java\x064.4.0\0");
    assert_eq!(encode(&request, 0), b"");
}

#[test]
fn fetch_11_names_topics_and_has_wide_lengths() {
    let partition = FetchPartition {
        partition: 1,
        fetch_offset: 2,
        partition_max_bytes: 3,
        ..FetchPartition::default()
    };
    let topic =
        FetchTopic { topic: "t".to_owned(), partitions: vec![partition], ..FetchTopic::default() };
    let request = FetchRequest {
        max_wait_ms: 500,
        min_bytes: 1,
        topics: vec![topic],
        ..FetchRequest::default()
    };
    let expected = [
        &b"\xff\xff\xff\xff\0\0\x01\xf4\0\0\0\x01\x7f\xff\xff\xff\0\0\0\0\0\xff\xff\xff\xff"[..],
        b"\0\0\0\x01\0\x01t\0\0\0\x01",
        b"\0\0\0\x01\xff\xff\xff\xff\0\0\0\0\0\0\0\x02\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\x03",
        b"\0\0\0\0\0\0",
    ];
    assert_eq!(encode(&request, 11), expected.concat());
}

#[test]
fn a_set_field_that_the_version_lacks_is_an_error_unless_it_may_be_ignored() {
    let request =
        HeartbeatRequest { group_instance_id: Some("i".to_owned()), ..HeartbeatRequest::default() };
    let mut out = vec![7];
    let refused = request.encode(&mut out, 2);
    let field = "HeartbeatRequest.GroupInstanceId";
    assert_eq!(refused, Err(EncodeError::FieldNotInVersion { field, version: 2 }));
    assert_eq!(out, [7]);

    let ignorable = FetchResponse { error_code: 3, ..FetchResponse::default() };
    assert_eq!(encode(&ignorable, 6), encode(&FetchResponse::default(), 6));
}

#[test]
fn bytes_are_slices_of_a_shared_buffer_and_copies_of_a_borrowed_one() {
    use wire::messages::SaslAuthenticateRequest;
    let data = Bytes::from_static(b"\0\0\0\x03abc");
    let shared = SaslAuthenticateRequest::decode_exact(&data, 0).unwrap();
    assert_eq!(shared.auth_bytes.as_ptr(), data[4..].as_ptr());
    let copied = SaslAuthenticateRequest::decode(&mut Reader::new(&data), 0).unwrap();
    assert_eq!(copied, shared);
    assert_ne!(copied.auth_bytes.as_ptr(), data[4..].as_ptr());
}

#[test]
fn error_codes_are_those_of_kafka() {
    assert_eq!(ErrorCode::ALL.len(), 138);
    for code in ErrorCode::ALL {
        assert_eq!(ErrorCode::from_code(code.code()), Some(code));
        assert!(code.message().ends_with('.'));
    }
    assert_eq!(ErrorCode::from_code(3), Some(ErrorCode::UnknownTopicOrPartition));
    assert_eq!(ErrorCode::from_code(137), None);
    assert_eq!(ErrorCode::KafkaStorageError.name(), "KAFKA_STORAGE_ERROR");
    assert_eq!(ErrorCode::ALL.into_iter().filter(|code| code.is_retriable()).count(), 32);
}
