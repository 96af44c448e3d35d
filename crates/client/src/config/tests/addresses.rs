use crate::ServerAddress;

#[test]
fn addresses_are_read_with_names_and_both_kinds_of_numbers() {
    let list = ServerAddress::parse_list("localhost:9092, 10.0.0.1:1,[::1]:9093").unwrap();
    let texts: Vec<String> = list.iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["localhost:9092", "10.0.0.1:1", "[::1]:9093"]);
}

#[test]
fn what_is_no_address_is_refused() {
    for text in ["", "localhost", ":9092", "localhost:", "localhost:70000", "::1:9092", ","] {
        assert!(ServerAddress::parse_list(text).is_err(), "{text}");
    }
}
