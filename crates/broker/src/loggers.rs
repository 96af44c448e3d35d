//! The levels of this broker's loggers, as requests see and change them (KIP-412). They live in the process alone and
//! are gone with it.

use controller::ConfigOp;
use settings::{Described, Kind, Level, ROOT_LOGGER, Source};
use telemetry::log::Levels;
use wire::ErrorCode;

use crate::outcome::Outcome;

/// Every logger with the level that counts for it.
pub(crate) fn describe(levels: &Levels) -> Vec<Described> {
    let described = levels.all().into_iter().map(|(name, level)| Described {
        name: name.to_owned(),
        value: Some(level.name().to_owned()),
        source: Source::DynamicBrokerLogger,
        is_sensitive: false,
        read_only: false,
        synonyms: Vec::new(),
        kind: Some(Kind::Text),
        text: None,
    });
    described.collect()
}

/// Changes levels, all or none; only checks them when `validate_only`.
pub(crate) fn alter(
    levels: &Levels,
    operations: &[(String, ConfigOp)],
    validate_only: bool,
) -> Result<(), Outcome> {
    let changes = operations.iter().map(|(name, operation)| check(levels, name, operation));
    let changes: Vec<(&str, Option<Level>)> = changes.collect::<Result<_, _>>()?;
    if validate_only {
        return Ok(());
    }
    for (name, level) in changes {
        let changed = match level {
            Some(level) => levels.set(name, level),
            None => levels.unset(name),
        };
        changed.map_err(|error| Outcome::error(ErrorCode::InvalidConfig, &error.to_string()))?;
    }
    Ok(())
}

fn check<'a>(
    levels: &Levels,
    name: &'a str,
    operation: &ConfigOp,
) -> Result<(&'a str, Option<Level>), Outcome> {
    if levels.level(name).is_none() {
        let why = format!("logger {name} does not exist");
        return Err(Outcome::error(ErrorCode::InvalidConfig, &why));
    }
    match operation {
        ConfigOp::Set(value) => match Level::ALL.into_iter().find(|level| level.name() == value) {
            Some(level) => Ok((name, Some(level))),
            None => {
                let why = format!("{value} is no level for {name}");
                Err(Outcome::error(ErrorCode::InvalidConfig, &why))
            }
        },
        ConfigOp::Delete if name == ROOT_LOGGER => {
            let why = "the root logger has no level to fall back to";
            Err(Outcome::error(ErrorCode::InvalidRequest, why))
        }
        ConfigOp::Delete => Ok((name, None)),
        ConfigOp::Append(_) | ConfigOp::Subtract(_) => {
            let why = "levels are no lists";
            Err(Outcome::error(ErrorCode::InvalidRequest, why))
        }
    }
}
