//! Values of one table after all layers were put over each other.

use std::collections::BTreeMap;

use crate::{InvalidValue, Setting, Table, Value};

/// What each setting of a table is. A setting without a value is missing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values {
    by_name: BTreeMap<&'static str, Value>,
}

impl Values {
    /// Each setting of `table` as `raw` gives it, else `default`.
    pub(crate) fn resolve<'a>(
        table: &Table,
        raw: impl Fn(&'static Setting) -> Option<&'a str>,
        default: impl Fn(&'static Setting) -> Option<Value>,
    ) -> Result<Self, InvalidValue> {
        let mut by_name = BTreeMap::new();
        for setting in table.iter() {
            let value = match raw(setting) {
                Some(text) => Some(setting.parse(text)?),
                None => default(setting),
            };
            if let Some(value) = value {
                by_name.insert(setting.name, value);
            }
        }
        Ok(Self { by_name })
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.by_name.get(name)
    }

    /// A whole number; an error if there is none, which only a table that does not fit its reader can cause.
    pub(crate) fn whole(&self, name: &str) -> Result<i64, InvalidValue> {
        self.optional_whole(name).ok_or_else(|| missing(name))
    }

    pub(crate) fn optional_whole(&self, name: &str) -> Option<i64> {
        self.get(name).and_then(Value::as_integer)
    }

    /// A whole number of another width, or without a sign: what does not fit is refused.
    pub(crate) fn number<N: TryFrom<i64>>(&self, name: &str) -> Result<N, InvalidValue> {
        let number = self.whole(name)?;
        N::try_from(number)
            .map_err(|_| InvalidValue::because(name, number, "a number that is not negative"))
    }

    /// As `number`, but -1 (and any number below zero) means that there is no limit.
    pub(crate) fn limit(&self, name: &str) -> Result<Option<u64>, InvalidValue> {
        self.whole(name).map(|number| u64::try_from(number).ok())
    }

    pub(crate) fn flag(&self, name: &str) -> Result<bool, InvalidValue> {
        self.get(name).and_then(Value::as_bool).ok_or_else(|| missing(name))
    }

    pub(crate) fn real(&self, name: &str) -> Result<f64, InvalidValue> {
        self.get(name).and_then(Value::as_double).ok_or_else(|| missing(name))
    }

    pub(crate) fn text(&self, name: &str) -> Result<&str, InvalidValue> {
        self.optional_text(name).ok_or_else(|| missing(name))
    }

    pub(crate) fn optional_text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_text)
    }

    /// A list; empty if there is none.
    pub(crate) fn list(&self, name: &str) -> &[String] {
        self.get(name).and_then(Value::as_list).unwrap_or_default()
    }
}

fn missing(name: &str) -> InvalidValue {
    InvalidValue::because(name, "nothing", "a value, which has to be given")
}
