//! Names that nobody knows, values that are none, and settings that do not go together.

use std::time::Duration;

use crate::{Acks, Commit, ConfigError, Properties, Role, Start};

fn properties(role: Role, given: &[(&str, &str)]) -> Result<Properties, ConfigError> {
    Properties::new(role, given.iter().copied().chain([("bootstrap.servers", "a:1")]))
}

fn refusal(role: Role, given: &[(&str, &str)]) -> String {
    properties(role, given).unwrap_err().to_string()
}

#[test]
fn an_unknown_setting_is_named_with_the_nearest_one() {
    for (role, name, expected) in [
        (Role::Producer, "linger", "unknown setting 'linger'; did you mean 'linger.ms'?"),
        (Role::Producer, "batch.siez", "unknown setting 'batch.siez'; did you mean 'batch.size'?"),
        (Role::Consumer, "group_id", "unknown setting 'group_id'; did you mean 'group.id'?"),
        (Role::Admin, "enable.sparkles", "unknown setting 'enable.sparkles'"),
    ] {
        assert_eq!(refusal(role, &[(name, "1")]), expected);
    }
}

#[test]
fn a_setting_of_another_client_is_said_to_be_that() {
    assert_eq!(
        refusal(Role::Producer, &[("group.id", "g")]),
        "'group.id' is a setting of a consumer, not of a producer"
    );
    assert_eq!(
        refusal(Role::Consumer, &[("acks", "all")]),
        "'acks' is a setting of a producer, not of a consumer"
    );
    assert_eq!(
        refusal(Role::Consumer, &[("num.stream.threads", "2")]),
        "'num.stream.threads' is a setting of Kafka Streams, not of a consumer"
    );
}

#[test]
fn a_value_that_is_none_is_shown_with_what_is_allowed() {
    for (name, value, allowed) in [
        ("batch.size", "-1", "a whole number from 0 to 2147483647"),
        ("batch.size", "many", "a whole number from 0 to 2147483647"),
        ("linger.ms", "-1", "a whole number from 0"),
        ("acks", "2", "one of all, -1, 0, 1"),
        ("enable.idempotence", "yes", "true or false"),
        ("compression.gzip.level", "0", "a whole number from 1 to 9, or -1"),
        (
            "client.dns.lookup",
            "default",
            "one of use_all_dns_ips, resolve_canonical_bootstrap_servers_only",
        ),
    ] {
        let expected =
            format!("invalid value '{value}' for setting '{name}': allowed is {allowed}");
        assert_eq!(refusal(Role::Producer, &[(name, value)]), expected);
    }
}

#[test]
fn a_secret_is_not_shown() {
    let error = refusal(Role::Producer, &[("sasl.jaas.config", "hunter2")]);
    assert!(!error.contains("hunter2"), "{error}");
    assert_eq!(error, "setting 'sasl.jaas.config' is not supported: SASL is not here yet");
}

#[test]
fn the_servers_are_required_and_must_be_addresses() {
    let none: [(&str, &str); 0] = [];
    for role in [Role::Producer, Role::Consumer, Role::Admin] {
        let error = Properties::new(role, none).unwrap_err();
        assert_eq!(error.to_string(), "setting 'bootstrap.servers' is required");
    }
    let properties = Properties::new(Role::Admin, [("bootstrap.servers", "a:1,b")]).unwrap();
    let error = properties.client().unwrap_err().to_string();
    assert!(error.starts_with("invalid value 'b' for setting 'bootstrap.servers'"), "{error}");
}

#[test]
fn what_rules_idempotence_out_is_refused_beside_it() {
    let on = ("enable.idempotence", "true");
    for (name, value) in [
        ("acks", "1"),
        ("acks", "0"),
        ("retries", "0"),
        ("max.in.flight.requests.per.connection", "6"),
    ] {
        let error = properties(Role::Producer, &[on, (name, value)]).unwrap_err();
        assert!(matches!(error, ConfigError::Contradiction { name: it, .. } if it == name));
        let off = ("enable.idempotence", "false");
        let producer = properties(Role::Producer, &[off, (name, value)]).unwrap();
        assert!(!producer.producer().unwrap().idempotent);
    }
}

#[test]
fn idempotence_that_was_not_asked_for_yields_to_acks_and_retries_but_not_to_requests_in_flight() {
    for given in [("acks", "1"), ("retries", "0")] {
        let producer = properties(Role::Producer, &[given]).unwrap().producer().unwrap();
        assert!(!producer.idempotent, "{given:?}");
    }
    let error = refusal(Role::Producer, &[("max.in.flight.requests.per.connection", "6")]);
    assert!(error.contains("must be at most 5"), "{error}");
    let producer = properties(Role::Producer, &[("acks", "-1")]).unwrap().producer().unwrap();
    assert_eq!((producer.acks, producer.idempotent), (Acks::All, true));
}

#[test]
fn a_delivery_timeout_below_linger_and_request_is_refused_if_given_and_grows_if_not() {
    let long = ("request.timeout.ms", "150000");
    let producer = properties(Role::Producer, &[long]).unwrap().producer().unwrap();
    assert_eq!(producer.delivery_timeout, Duration::from_millis(150_005));
    let error = refusal(Role::Producer, &[long, ("delivery.timeout.ms", "150004")]);
    assert_eq!(
        error,
        "setting 'delivery.timeout.ms' must be at least linger.ms + request.timeout.ms, which is 150005"
    );
    properties(Role::Producer, &[long, ("delivery.timeout.ms", "150005")]).unwrap();
}

#[test]
fn a_consumer_without_a_group_commits_nothing() {
    let error = refusal(Role::Consumer, &[("enable.auto.commit", "true")]);
    assert_eq!(error, "setting 'enable.auto.commit' must not be true without group.id");
    let consumer = properties(Role::Consumer, &[("enable.auto.commit", "false")]).unwrap();
    let error = consumer.group(Vec::new()).unwrap_err();
    assert_eq!(error, ConfigError::Missing { name: "group.id" });
}

#[test]
fn an_assignor_is_known_named_once_and_at_least_one() {
    for (value, part) in [
        ("range,uniform", "'uniform' is no assignor"),
        (
            "range,org.apache.kafka.clients.consumer.RangeAssignor",
            "must not name an assignor twice",
        ),
        ("", "must name an assignor"),
    ] {
        let given = [("partition.assignment.strategy", value), ("group.id", "g")];
        let error = properties(Role::Consumer, &given).unwrap().group(Vec::new()).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn a_heartbeat_interval_is_below_the_session_timeout() {
    let error = refusal(Role::Consumer, &[("session.timeout.ms", "3000"), ("group.id", "g")]);
    assert_eq!(error, "setting 'heartbeat.interval.ms' must be below session.timeout.ms");
}

#[test]
fn a_group_begins_and_commits_as_its_settings_say() {
    let group = |given: &[(&str, &str)]| {
        let given: Vec<_> = given.iter().copied().chain([("group.id", "g")]).collect();
        properties(Role::Consumer, &given).unwrap().group(Vec::new()).unwrap()
    };
    let defaults = group(&[]);
    assert_eq!(defaults.start, Some(Start::End));
    assert_eq!(defaults.commit, Commit::Auto(Duration::from_secs(5)));
    assert_eq!(group(&[("auto.offset.reset", "none")]).start, None);
    assert_eq!(group(&[("auto.offset.reset", "earliest")]).start, Some(Start::Beginning));
    assert_eq!(group(&[("enable.auto.commit", "FALSE")]).commit, Commit::Manual);
}

#[test]
fn a_longest_pause_that_was_not_given_follows_the_shortest_between_connections_only() {
    let given = [("reconnect.backoff.ms", "5000"), ("retry.backoff.ms", "5000")];
    let client = properties(Role::Admin, &given).unwrap().client().unwrap();
    assert_eq!(client.reconnect_backoff.wait_of(0), Duration::from_secs(5));
    assert_eq!(client.retry_backoff.wait_of(0), Duration::from_secs(1));
}

#[test]
fn properties_are_of_one_kind_of_client() {
    let error = properties(Role::Producer, &[]).unwrap().consumer().unwrap_err();
    assert_eq!(error.to_string(), "properties of a producer were asked for a consumer");
}
