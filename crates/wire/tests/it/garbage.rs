use bytes::Bytes;
use model::SeededRandom;
use wire::schema::{MESSAGES, random_bytes};
use wire::{DecodeError, Message, Reader, messages::MetadataRequest};

#[test]
fn a_message_cut_short_anywhere_is_refused() {
    let mut random = SeededRandom::new(2);
    for schema in &MESSAGES {
        for version in schema.versions.iter() {
            let data = Bytes::from(random_bytes(schema, version, &mut random));
            for size in 0..data.len() {
                assert!(schema.recode(&data.slice(..size), version).is_err(), "{}", schema.name);
            }
        }
    }
}

#[test]
fn bytes_after_a_message_are_refused() {
    let mut random = SeededRandom::new(3);
    for schema in &MESSAGES {
        for version in schema.versions.iter() {
            let mut data = random_bytes(schema, version, &mut random);
            data.push(0);
            assert!(schema.recode(&Bytes::from(data), version).is_err(), "{}", schema.name);
        }
    }
}

#[test]
fn damaged_messages_never_panic_and_mostly_fail() {
    let mut random = SeededRandom::new(4);
    let (mut refused, mut tried) = (0_u32, 0_u32);
    for schema in &MESSAGES {
        for version in schema.versions.iter() {
            for _ in 0..40 {
                let mut data = random_bytes(schema, version, &mut random);
                damage(&mut data, &mut random);
                tried += 1;
                refused += u32::from(schema.recode(&Bytes::from(data), version).is_err());
            }
        }
    }
    assert!(refused > tried / 4, "{refused} of {tried}");
}

#[test]
fn noise_never_panics() {
    let mut random = SeededRandom::new(8);
    for schema in &MESSAGES {
        for version in schema.versions.iter() {
            let mut noise = [0; 64];
            random.fill(&mut noise);
            let recoded = schema.recode(&Bytes::copy_from_slice(&noise), version);
            // Noise that happens to be a message is one in every respect.
            if let Ok(bytes) = recoded {
                assert!(schema.recode(&Bytes::from(bytes), version).is_ok());
            }
        }
    }
}

fn damage(data: &mut [u8], random: &mut SeededRandom) {
    for _ in 0..=random.below(3) {
        let place = usize::try_from(random.below(data.len() as u64)).unwrap();
        let Some(byte) = data.get_mut(place) else { return };
        *byte = match random.below(4) {
            0 => 0xff,
            1 => 0x7f,
            2 => 0,
            _ => random.next_u64().to_be_bytes()[0],
        };
    }
}

#[test]
fn a_count_beyond_the_bytes_is_refused_before_anything_is_allocated() {
    for version in MetadataRequest::VERSIONS.iter() {
        let huge: &[u8] = if MetadataRequest::FLEXIBLE.contains(version) {
            &[0xff, 0xff, 0xff, 0xff, 0x07]
        } else {
            &[0x7f, 0xff, 0xff, 0xff]
        };
        let refused = MetadataRequest::decode(&mut Reader::new(huge), version);
        assert!(matches!(refused, Err(DecodeError::ArrayTooLong { .. })), "{refused:?}");
    }
}

#[test]
fn arrays_take_no_more_memory_than_allowed() {
    // 16,382 topics of 18 bytes each on the wire and 40 in memory.
    let mut request = vec![0xff, 0x7f];
    request.resize(2 + 18 * 0x3ffe, 0);
    let mut input = Reader::new(&request);
    input.limit_memory(500_000);
    let refused = MetadataRequest::decode(&mut input, 12);
    assert!(matches!(refused, Err(DecodeError::Memory { .. })), "{:?}", refused.err());
}

#[test]
fn a_tagged_field_must_fill_the_size_it_declares() {
    use wire::messages::FetchRequest;
    let request = FetchRequest { cluster_id: Some("c".to_owned()), ..FetchRequest::default() };
    let mut data = Vec::new();
    request.encode(&mut data, 12).unwrap();
    assert_eq!(&data[data.len() - 5..], [1, 0, 2, 2, b'c']);
    let size = data.len() - 3;
    data[size] = 3;
    data.push(0);
    let refused = FetchRequest::decode_exact(&Bytes::from(data), 12);
    assert!(matches!(refused, Err(DecodeError::TaggedFieldSize { .. })), "{refused:?}");
}

#[test]
fn unknown_tagged_fields_are_skipped() {
    use wire::messages::HeartbeatRequest;
    let mut data = Vec::new();
    HeartbeatRequest::default().encode(&mut data, 4).unwrap();
    assert_eq!(data.pop(), Some(0));
    data.extend([2, 5, 1, 9, 0x80, 0x01, 2, 9, 9]);
    let request = HeartbeatRequest::decode_exact(&Bytes::from(data), 4);
    assert_eq!(request, Ok(HeartbeatRequest::default()));
}
