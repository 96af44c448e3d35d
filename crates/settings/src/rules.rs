//! Rules that concern several settings of a node at once.

use crate::values::Values;
use crate::{BrokerSettings, InvalidListeners, InvalidValue};

/// Whether a node with these settings makes sense, by Kafka's rules.
pub(crate) fn check(values: &Values, settings: &BrokerSettings) -> Result<(), InvalidValue> {
    check_numbers(values)?;
    check_orders(values)?;
    check_listeners(settings).map_err(|error| InvalidValue::listeners(&error))
}

fn check_numbers(values: &Values) -> Result<(), InvalidValue> {
    for (name, least) in [
        ("log.roll.ms", 1),
        ("log.roll.jitter.ms", 0),
        ("log.retention.minutes", -1),
        ("log.retention.hours", -1),
    ] {
        if values.optional_whole(name).is_some_and(|number| number < least) {
            return Err(InvalidValue::because(
                name,
                values.whole(name)?,
                format!("a whole number from {least}"),
            ));
        }
    }
    for name in ["log.retention.ms", "log.retention.minutes", "log.retention.hours"] {
        if values.optional_whole(name).is_some_and(|number| number < -1 || number == 0) {
            return Err(InvalidValue::because(
                name,
                values.whole(name)?,
                "-1 for no limit, or a whole number from 1",
            ));
        }
    }
    let cleaners = values.whole("log.cleaner.threads")?;
    let dedupe = values.whole("log.cleaner.dedupe.buffer.size")?;
    if cleaners > 0 && dedupe / cleaners <= 1024 * 1024 {
        return Err(InvalidValue::because(
            "log.cleaner.dedupe.buffer.size",
            dedupe,
            "more than 1048576 for each of log.cleaner.threads",
        ));
    }
    let queued = values.whole("queued.max.request.bytes")?;
    if queued > 0 && queued < values.whole("socket.request.max.bytes")? {
        return Err(InvalidValue::because(
            "queued.max.request.bytes",
            queued,
            "at least socket.request.max.bytes, or -1",
        ));
    }
    let per_ip = values.whole("max.connections.per.ip")?;
    if per_ip == 0 && values.text("max.connections.per.ip.overrides")?.is_empty() {
        return Err(InvalidValue::because(
            "max.connections.per.ip",
            per_ip,
            "above 0 unless max.connections.per.ip.overrides is set",
        ));
    }
    Ok(())
}

/// Pairs of which the first may not be larger than the second.
const NOT_ABOVE: &[(&str, &str)] = &[
    ("replica.fetch.wait.max.ms", "replica.socket.timeout.ms"),
    ("replica.fetch.wait.max.ms", "replica.lag.time.max.ms"),
    ("group.min.session.timeout.ms", "group.max.session.timeout.ms"),
    ("group.consumer.min.heartbeat.interval.ms", "group.consumer.heartbeat.interval.ms"),
    ("group.consumer.heartbeat.interval.ms", "group.consumer.max.heartbeat.interval.ms"),
    ("group.consumer.min.session.timeout.ms", "group.consumer.session.timeout.ms"),
    ("group.consumer.session.timeout.ms", "group.consumer.max.session.timeout.ms"),
    ("group.consumer.min.assignment.interval.ms", "group.consumer.assignment.interval.ms"),
    ("group.consumer.assignment.interval.ms", "group.consumer.max.assignment.interval.ms"),
    ("group.share.min.heartbeat.interval.ms", "group.share.heartbeat.interval.ms"),
    ("group.share.heartbeat.interval.ms", "group.share.max.heartbeat.interval.ms"),
    ("group.share.min.session.timeout.ms", "group.share.session.timeout.ms"),
    ("group.share.session.timeout.ms", "group.share.max.session.timeout.ms"),
    ("group.share.min.record.lock.duration.ms", "group.share.record.lock.duration.ms"),
    ("group.share.record.lock.duration.ms", "group.share.max.record.lock.duration.ms"),
    ("group.share.min.delivery.count.limit", "group.share.delivery.count.limit"),
    ("group.share.delivery.count.limit", "group.share.max.delivery.count.limit"),
    ("group.streams.min.heartbeat.interval.ms", "group.streams.heartbeat.interval.ms"),
    ("group.streams.heartbeat.interval.ms", "group.streams.max.heartbeat.interval.ms"),
    ("group.streams.min.session.timeout.ms", "group.streams.session.timeout.ms"),
    ("group.streams.session.timeout.ms", "group.streams.max.session.timeout.ms"),
    ("group.streams.num.standby.replicas", "group.streams.max.standby.replicas"),
    ("group.consumer.heartbeat.interval.ms", "group.consumer.session.timeout.ms"),
    ("group.share.heartbeat.interval.ms", "group.share.session.timeout.ms"),
    ("group.streams.heartbeat.interval.ms", "group.streams.session.timeout.ms"),
];

fn check_orders(values: &Values) -> Result<(), InvalidValue> {
    for (lower, upper) in NOT_ABOVE {
        let (least, most) = (values.whole(lower)?, values.whole(upper)?);
        if least > most {
            return Err(InvalidValue::because(
                lower,
                least,
                format!("at most {upper}, which is {most}"),
            ));
        }
    }
    Ok(())
}

fn check_listeners(settings: &BrokerSettings) -> Result<(), InvalidListeners> {
    let names: Vec<&str> =
        settings.listeners.iter().map(|listener| listener.endpoint.name.as_str()).collect();
    for endpoint in &settings.advertised {
        if !names.contains(&endpoint.name.as_str()) {
            let name = endpoint.name.clone();
            return Err(InvalidListeners::UnknownListener {
                setting: "advertised.listeners",
                name,
            });
        }
        if settings.controller_listener_names.contains(&endpoint.name) && !settings.roles.controller
        {
            return Err(InvalidListeners::ControllerAdvertised { name: endpoint.name.clone() });
        }
    }
    let has_broker_listener = settings.broker_listeners().next().is_some();
    let has_controller_listener = settings.listeners.iter().any(|listener| listener.is_controller);
    let (roles, reason) = match (settings.roles.broker, settings.roles.controller) {
        (true, _) if !has_broker_listener => {
            ("broker", "one of listeners must not be in controller.listener.names")
        }
        (false, true) if has_broker_listener => {
            ("controller", "every one of listeners must be in controller.listener.names")
        }
        (true, false) if has_controller_listener => {
            ("broker", "no listener of controller.listener.names may be in listeners")
        }
        _ => return Ok(()),
    };
    Err(InvalidListeners::Roles { roles: roles.to_owned(), reason })
}
