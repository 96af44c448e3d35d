//! What settings may not say together, by the rules of Apache Kafka's clients.

use super::{ConfigError, Properties, Role};
use crate::limits::PRODUCE_IN_FLIGHT_MAX;

pub(super) fn check(properties: &Properties) -> Result<(), ConfigError> {
    let servers = properties.list("bootstrap.servers")?;
    if servers.is_empty() {
        return Err(ConfigError::Missing { name: "bootstrap.servers" });
    }
    match properties.role() {
        Role::Producer => {
            check_idempotence(properties)?;
            check_transactions(properties)?;
            check_delivery(properties)
        }
        Role::Consumer => check_group(properties),
        Role::Admin => Ok(()),
    }
}

/// Who did not ask for idempotence does without where something else rules it out.
pub(super) fn is_idempotent(properties: &Properties) -> Result<bool, ConfigError> {
    Ok(properties.switch("enable.idempotence")?
        && properties.whole("retries")? > 0
        && is_acks_all(properties)?)
}

fn is_acks_all(properties: &Properties) -> Result<bool, ConfigError> {
    Ok(matches!(properties.text("acks")?.as_str(), "all" | "-1"))
}

fn check_idempotence(properties: &Properties) -> Result<(), ConfigError> {
    if !properties.switch("enable.idempotence")? {
        return Ok(());
    }
    if properties.is_given("enable.idempotence") {
        if properties.whole("retries")? == 0 {
            return Err(ConfigError::contradiction(
                "retries",
                "must not be 0 with enable.idempotence=true",
            ));
        }
        if !is_acks_all(properties)? {
            return Err(ConfigError::contradiction(
                "acks",
                "must be all with enable.idempotence=true",
            ));
        }
    }
    let in_flight = properties.whole("max.in.flight.requests.per.connection")?;
    if usize::try_from(in_flight).is_ok_and(|it| it > PRODUCE_IN_FLIGHT_MAX) {
        return Err(ConfigError::contradiction(
            "max.in.flight.requests.per.connection",
            format!("must be at most {PRODUCE_IN_FLIGHT_MAX} with enable.idempotence=true"),
        ));
    }
    Ok(())
}

fn check_transactions(properties: &Properties) -> Result<(), ConfigError> {
    if properties.is_given("transactional.id") && !is_idempotent(properties)? {
        return Err(ConfigError::contradiction(
            "transactional.id",
            "needs enable.idempotence=true, acks=all and retries",
        ));
    }
    Ok(())
}

/// A time-out that was not asked for grows instead.
fn check_delivery(properties: &Properties) -> Result<(), ConfigError> {
    let least = delivery_least(properties)?;
    let delivery = properties.whole("delivery.timeout.ms")?;
    if delivery < least && properties.is_given("delivery.timeout.ms") {
        return Err(ConfigError::contradiction(
            "delivery.timeout.ms",
            format!("must be at least linger.ms + request.timeout.ms, which is {least}"),
        ));
    }
    Ok(())
}

/// What `delivery.timeout.ms` must be at least.
pub(super) fn delivery_least(properties: &Properties) -> Result<i64, ConfigError> {
    let (linger, request) =
        (properties.whole("linger.ms")?, properties.whole("request.timeout.ms")?);
    Ok(linger.saturating_add(request).min(i64::from(i32::MAX)))
}

fn check_group(properties: &Properties) -> Result<(), ConfigError> {
    let group = properties.optional_text("group.id");
    if group.is_none()
        && properties.is_given("enable.auto.commit")
        && properties.switch("enable.auto.commit")?
    {
        return Err(ConfigError::contradiction(
            "enable.auto.commit",
            "must not be true without group.id",
        ));
    }
    let (not_with, protocol): (&[&'static str], _) = if is_consumer_protocol(properties)? {
        let classic_only =
            &["heartbeat.interval.ms", "partition.assignment.strategy", "session.timeout.ms"];
        (classic_only, "consumer")
    } else {
        (&["group.remote.assignor"], "classic")
    };
    if let Some(name) = not_with.iter().find(|name| properties.is_given(name)) {
        let reason = format!("cannot be set with group.protocol={protocol}");
        return Err(ConfigError::contradiction(name, reason));
    }
    if protocol == "classic"
        && properties.whole("heartbeat.interval.ms")? >= properties.whole("session.timeout.ms")?
    {
        return Err(ConfigError::contradiction(
            "heartbeat.interval.ms",
            "must be below session.timeout.ms",
        ));
    }
    Ok(())
}

pub(super) fn is_consumer_protocol(properties: &Properties) -> Result<bool, ConfigError> {
    Ok(properties.text("group.protocol")?.eq_ignore_ascii_case("consumer"))
}
