//! A table of settings: looked up by name, gone through in the order of names.

use std::collections::BTreeMap;

use crate::Setting;

/// All settings of one scope.
pub struct Table {
    by_name: BTreeMap<&'static str, &'static Setting>,
}

impl Table {
    pub(crate) fn of(parts: &[&'static [Setting]]) -> Self {
        let rows = parts.iter().flat_map(|part| part.iter());
        Self { by_name: rows.map(|setting| (setting.name, setting)).collect() }
    }

    /// The setting of this name. A broker's setting may carry a listener's name in front
    /// (`listener.name.internal.ssl.keystore.type`), and a mechanism's.
    pub fn find(&self, name: &str) -> Option<&'static Setting> {
        self.by_name.get(name).or_else(|| self.by_name.get(base_name(name)?)).copied()
    }

    /// The setting that has exactly this name.
    pub fn find_exact(&self, name: &str) -> Option<&'static Setting> {
        self.by_name.get(name).copied()
    }

    /// Every setting, by name.
    pub fn iter(&self) -> impl Iterator<Item = &'static Setting> + '_ {
        self.by_name.values().copied()
    }

    /// Every name, in order: the keys of this kind of resource.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.by_name.keys().copied()
    }

    pub fn count(&self) -> usize {
        self.by_name.len()
    }
}

/// Settings that a mechanism's name may stand before, as in `listener.name.sasl_ssl.plain.sasl.jaas.config`.
const PER_MECHANISM: &[&str] = &[
    "sasl.jaas.config",
    "sasl.login.callback.handler.class",
    "sasl.login.class",
    "sasl.server.callback.handler.class",
    "connections.max.reauth.ms",
];

/// The name behind `listener.name.NAME.`, without a mechanism; `None` if there is no such beginning.
pub(crate) fn base_name(name: &str) -> Option<&str> {
    let (_, rest) = name.strip_prefix("listener.name.")?.split_once('.')?;
    let of_mechanism = PER_MECHANISM.iter().find(|base| rest.ends_with(&format!(".{base}")));
    Some(of_mechanism.copied().unwrap_or(rest))
}

/// Declares a table: text, then `"name": type = default, allowed, how it changes, effect` and perhaps `internal` or
/// `from` the broker settings that give its default.
macro_rules! declare {
    ($(#[$about:meta])* $table:ident, $scope:ident:
     $(#[doc = $text:literal] $name:literal: $kind:ident = $default:expr, $allowed:expr, $dynamic:ident, $effect:ident
       $(, $flag:ident)? $(; from $($from:literal),+)?;)*) => {
        $(#[$about])*
        pub(super) static $table: &[$crate::Setting] = &[$(
            $crate::Setting {
                name: $name,
                scope: $crate::Scope::$scope,
                kind: $crate::Kind::$kind,
                default: $default,
                allowed: $allowed,
                dynamic: $crate::Dynamic::$dynamic,
                effect: $crate::Effect::$effect,
                internal: declare!(@flag $($flag)?),
                from: &[$($($from),+)?],
                text: $text.trim_ascii(),
            },
        )*];
    };
    (@flag) => { false };
    (@flag internal) => { true };
}
pub(crate) use declare;
