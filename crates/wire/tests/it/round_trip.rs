use bytes::Bytes;
use model::SeededRandom;
use wire::schema::{MESSAGES, RecodeError, random_bytes};
use wire::{ApiKey, DecodeError, EncodeError};

#[test]
fn what_is_decoded_is_encoded_to_the_same_bytes_in_every_version() {
    let mut random = SeededRandom::new(1);
    let mut pairs = 0;
    for schema in &MESSAGES {
        for version in schema.versions.iter() {
            pairs += 1;
            for _ in 0..30 {
                let data = Bytes::from(random_bytes(schema, version, &mut random));
                let again = schema.recode(&data, version);
                let again = again.unwrap_or_else(|error| {
                    panic!("{} version {version}: {error} in {data:?}", schema.name)
                });
                assert_eq!(again, data, "{} version {version}", schema.name);
            }
        }
    }
    // Every version of the 279 messages of Kafka that have one, and 4 of Ottla's own; eight more belong to removed APIs.
    assert_eq!((MESSAGES.len(), pairs), (279 + 4, 755 + 4));
}

#[test]
fn versions_outside_the_range_are_refused() {
    for schema in &MESSAGES {
        for version in [schema.versions.min - 1, schema.versions.max + 1] {
            let refused = schema.recode(&Bytes::new(), version);
            assert!(matches!(refused, Err(RecodeError::Decode(DecodeError::Version { .. }))));
            let refused = (schema.encode_default)(version);
            assert!(matches!(refused, Err(EncodeError::Version { .. })));
        }
    }
}

#[test]
fn every_api_has_its_request_and_response() {
    for key in ApiKey::ALL.into_iter().filter(|key| !key.versions().is_empty()) {
        for suffix in ["Request", "Response"] {
            let schema = wire::schema::find(&format!("{key}{suffix}")).unwrap();
            assert_eq!(schema.versions, key.versions());
        }
    }
}
