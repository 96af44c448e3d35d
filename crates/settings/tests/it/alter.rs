use settings::{
    AlterOp, AlterRefused, alter, check_broker, check_client_metrics, check_group, check_topic,
    topic,
};

use crate::{node, raw};

#[test]
fn items_are_added_to_and_taken_from_lists_only() {
    let list = |op, value, current| {
        alter(topic(), "cleanup.policy", op, Some(value), current, Some("delete"))
    };
    assert_eq!(list(AlterOp::Append, "compact", None), Ok(Some("delete,compact".to_owned())));
    assert_eq!(list(AlterOp::Append, "compact", Some("compact")), Ok(Some("compact".to_owned())));
    assert_eq!(list(AlterOp::Subtract, "delete", None), Ok(Some(String::new())));
    let refused = alter(topic(), "segment.bytes", AlterOp::Append, Some("1"), None, None);
    assert!(matches!(refused, Err(AlterRefused::NotAList { .. })));
    assert_eq!(alter(topic(), "segment.bytes", AlterOp::Delete, None, Some("1"), None), Ok(None));
    let refused = alter(topic(), "segment.bytes", AlterOp::Set, None, None, None);
    assert!(matches!(refused, Err(AlterRefused::NullValue { .. })));
}

#[test]
fn a_topic_takes_only_settings_that_exist_and_fit_each_other() {
    let config = node(&[]).expect("fits");
    let check = |pairs: &[(&str, &str)]| check_topic(&config, &raw(pairs));
    assert_eq!(check(&[("cleanup.policy", "compact"), ("segment.bytes", "1048576")]), Ok(()));
    assert_eq!(
        check(&[("no.such.thing", "1")]).expect_err("unknown").to_string(),
        "Unknown topic config name: no.such.thing"
    );
    assert!(matches!(check(&[("segment.bytes", "5")]), Err(AlterRefused::Invalid(_))));
    assert!(matches!(
        check(&[("min.compaction.lag.ms", "9"), ("max.compaction.lag.ms", "8")]),
        Err(AlterRefused::Invalid(_))
    ));
}

#[test]
fn a_running_broker_takes_only_what_may_change() {
    let config = node(&[]).expect("fits");
    let one = |name, value| check_broker(&config, &raw(&[(name, value)]), false);
    let all = |name, value| check_broker(&config, &raw(&[(name, value)]), true);
    assert_eq!(all("log.retention.ms", "1000"), Ok(()));
    assert_eq!(one("listener.name.plaintext.ssl.keystore.type", "PEM"), Ok(()));
    assert!(matches!(one("ssl.keystore.type", "PEM"), Err(AlterRefused::NeedsListener { .. })));
    assert!(matches!(all("principal.builder.class", "x"), Err(AlterRefused::PerBroker { .. })));
    assert!(matches!(all("num.partitions", "3"), Err(AlterRefused::ReadOnly { .. })));
    assert!(matches!(all("no.such.thing", "3"), Err(AlterRefused::Unknown { .. })));
    assert!(matches!(all("log.retention.ms", "0"), Err(AlterRefused::Invalid(_))));
    assert!(matches!(one("listeners", "NOWHERE://:1"), Err(AlterRefused::Invalid(_))));
}

#[test]
fn a_group_stays_within_its_brokers_bounds() {
    let config = node(&[]).expect("fits");
    let check = |name, value| check_group(&config, &raw(&[(name, value)]));
    assert_eq!(check("consumer.session.timeout.ms", "50000"), Ok(()));
    assert!(matches!(check("consumer.session.timeout.ms", "70000"), Err(AlterRefused::Invalid(_))));
    assert!(matches!(
        check("consumer.heartbeat.interval.ms", "100"),
        Err(AlterRefused::Invalid(_))
    ));
    assert!(matches!(check("streams.num.standby.replicas", "3"), Err(AlterRefused::Invalid(_))));
    assert!(matches!(check("segment.bytes", "1048576"), Err(AlterRefused::Unknown { .. })));
}

#[test]
fn a_subscription_to_metrics_selects_clients_by_known_keys() {
    let check = |name, value| check_client_metrics(&raw(&[(name, value)]));
    assert_eq!(check("match", "client_id=app-.*,client_source_port=90.."), Ok(()));
    assert!(matches!(check("match", "colour=red"), Err(AlterRefused::Invalid(_))));
    assert_eq!(check("interval.ms", "100"), Ok(()));
    assert!(matches!(check("interval.ms", "99"), Err(AlterRefused::Invalid(_))));
}
