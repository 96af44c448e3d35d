use wire::EncodeError;
use wire::schema::{MESSAGES, default_bytes};

#[test]
fn defaults_are_those_of_the_spec_in_every_version() {
    let mut null_records = Vec::new();
    for schema in &MESSAGES {
        for version in schema.versions.iter() {
            match (schema.encode_default)(version) {
                Ok(bytes) => {
                    assert_eq!(bytes, default_bytes(schema, version), "{} {version}", schema.name);
                }
                Err(EncodeError::Null { field }) => null_records.push(field),
                Err(error) => panic!("{} version {version}: {error}", schema.name),
            }
        }
    }
    assert!(null_records.is_empty(), "{null_records:?}");
}
