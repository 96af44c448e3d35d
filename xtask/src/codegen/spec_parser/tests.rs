use std::path::Path;

use super::*;

fn parse(text: &str) -> Result<Vec<Message>, String> {
    records(Path::new("test.spec"), text)
}

#[test]
fn a_field_has_the_versions_of_what_encloses_it_unless_it_says_so() {
    let text = "data One 2-7 flexible 5+\n  A int32\n  B []Inner 3+\n    C string?4-5 = null\n    D int8 6";
    let messages = parse(text).unwrap();
    let [message] = messages.as_slice() else { panic!("one message") };
    let [root, inner] = message.structs.as_slice() else { panic!("two structs") };
    assert_eq!(message.flexible, Some(Versions { min: 5, max: 7 }));
    assert_eq!(root.fields[0].versions, Versions { min: 2, max: 7 });
    assert_eq!(inner.versions, Versions { min: 3, max: 7 });
    assert_eq!(inner.fields[0].nullable, Some(Versions { min: 4, max: 5 }));
    assert_eq!(inner.fields[0].default.as_deref(), Some("null"));
    assert_eq!(inner.fields[1].versions, Versions { min: 6, max: 6 });
}

#[test]
fn mistakes_are_named_by_file_and_line() {
    let mistakes = [
        ("data One 0\n  A int32 wrong", "test.spec:2: `wrong` is not known"),
        ("data One 0\n  A int32 1+", "test.spec:2: bad versions"),
        (
            "data One 0\n  A int32 tag 0",
            "test.spec:1: A is tagged in a version that is not flexible",
        ),
        ("data One 0\n  A Missing", "test.spec:1: Missing is not declared"),
        ("data One 0\n  A int32\n    B int32", "test.spec:2: only structs have fields"),
        ("record One 0", "test.spec:1: expected a number"),
        ("one", "test.spec:1: expected the start of a record"),
    ];
    for (text, error) in mistakes {
        assert_eq!(parse(text).unwrap_err(), error);
    }
}

#[test]
fn a_struct_within_itself_is_refused() {
    let text = "data One 0\n  A []Two\n  struct Two\n    B []Two";
    assert_eq!(parse(text).unwrap_err(), "test.spec:1: Two contains itself");
}

#[test]
fn two_structs_of_one_name_are_refused() {
    let text = "data One 0\n  A []Two\n    B int8\n  C []Two\n    D int8";
    assert_eq!(parse(text).unwrap_err(), "test.spec:1: two structs are named Two");
}
