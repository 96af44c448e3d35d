//! The settings of this node, put together from its defaults, a file, the environment and the command line.

use std::collections::BTreeMap;
use std::fmt::{Display, Formatter, Result as FormatResult};
use std::path::{Path, PathBuf};

use settings::{BrokerConfig, InvalidValue, RawSettings, broker, topic};

use crate::properties::{self, MalformedEscape};
use crate::{StartOptions, environment};

/// Where the data lies when nobody says.
pub const DATA_DIR_DEFAULT: &str = "./ottla-data";

/// The settings that the node starts with, and what its operator should hear about them.
#[derive(Debug)]
pub struct Configuration {
    pub config: BrokerConfig,
    pub warnings: Vec<Warning>,
    /// `CLUSTER_ID`, as the container image takes it: the id that a new cluster gets.
    pub cluster_id: Option<String>,
}

/// Something that is not an error, and that an operator would not want to learn later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    Unknown {
        name: String,
        origin: Origin,
        hint: Option<String>,
    },
    /// The later one counts.
    Repeated {
        name: String,
        path: PathBuf,
        line: usize,
        earlier: usize,
    },
    WithoutEffect {
        names: Vec<&'static str>,
    },
    /// Nothing but Java can load a class.
    JavaClass {
        names: Vec<&'static str>,
    },
}

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    File {
        path: PathBuf,
        line: usize,
    },
    Environment {
        variable: String,
    },
    CommandLine,
    /// Ottla's own choice.
    Default,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigurationError {
    #[error("read the configuration file {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path}, {source}")]
    Malformed { path: PathBuf, source: MalformedEscape },
    #[error("--set {0} is not NAME=VALUE")]
    NotAPair(String),
    #[error("{option} and --set {name} both say the same setting: leave one of them out")]
    SaidTwice { option: &'static str, name: &'static str },
    #[error("--listen {0} is not HOST:PORT")]
    NotAnAddress(String),
    #[error("{origin}: {invalid}")]
    Invalid { origin: Origin, invalid: InvalidValue },
}

/// Puts the settings together. `variables` are those of the environment.
pub fn load(
    options: &StartOptions,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Configuration, ConfigurationError> {
    let mut gathered = Gathered::default();
    if let Some(path) = &options.config {
        gathered.read_file(path)?;
    }
    let variables: Vec<(String, String)> = variables.into_iter().collect();
    let cluster_id =
        variables.iter().find(|(name, _)| name == "CLUSTER_ID").map(|(_, value)| value.clone());
    for setting in environment::settings(variables) {
        gathered.put(
            &setting.name,
            setting.value,
            Origin::Environment { variable: setting.variable },
        );
    }
    gathered.take_options(options)?;
    for (name, value) in BrokerConfig::single_node_defaults(DATA_DIR_DEFAULT) {
        let older_name = match name.as_str() {
            "node.id" => "broker.id",
            "log.dirs" => "log.dir",
            other => other,
        };
        if !gathered.has(&name) && !gathered.has(older_name) {
            gathered.put(&name, value, Origin::Default);
        }
    }
    gathered.warn();
    let raw: RawSettings =
        gathered.values.iter().map(|(name, (value, _))| (name.clone(), value.clone())).collect();
    let config = BrokerConfig::new(raw).map_err(|invalid| gathered.locate(invalid))?;
    Ok(Configuration { config, warnings: gathered.warnings, cluster_id })
}

/// Values so far, each with where it was written.
#[derive(Default)]
struct Gathered {
    values: BTreeMap<String, (String, Origin)>,
    warnings: Vec<Warning>,
}

impl Gathered {
    fn put(&mut self, name: &str, value: String, origin: Origin) {
        self.values.insert(name.to_owned(), (value, origin));
    }

    fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    fn read_file(&mut self, path: &Path) -> Result<(), ConfigurationError> {
        let read = |source| ConfigurationError::Read { path: path.to_owned(), source };
        let malformed = |source| ConfigurationError::Malformed { path: path.to_owned(), source };
        let bytes = std::fs::read(path).map_err(read)?;
        for property in properties::parse(&bytes).map_err(malformed)? {
            if let Some((_, Origin::File { line: earlier, .. })) = self.values.get(&property.name) {
                self.warnings.push(Warning::Repeated {
                    name: property.name.clone(),
                    path: path.to_owned(),
                    line: property.line,
                    earlier: *earlier,
                });
            }
            let origin = Origin::File { path: path.to_owned(), line: property.line };
            self.put(&property.name, property.value, origin);
        }
        Ok(())
    }

    fn take_options(&mut self, options: &StartOptions) -> Result<(), ConfigurationError> {
        if options.ephemeral {
            for (name, value) in [
                ("ottla.durability", "os"),
                ("listeners", "PLAINTEXT://127.0.0.1:0"),
                ("ottla.http.listen", "127.0.0.1:0"),
            ] {
                self.put(name, value.to_owned(), Origin::CommandLine);
            }
            self.values.remove("advertised.listeners");
        }
        for pair in &options.set {
            let (name, value) =
                pair.split_once('=').ok_or_else(|| ConfigurationError::NotAPair(pair.clone()))?;
            self.put(name.trim(), value.to_owned(), Origin::CommandLine);
        }
        for (option, is_given, name) in [
            ("--data", options.data.is_some(), "log.dirs"),
            ("--data", options.data.is_some(), "log.dir"),
            ("--http", options.http.is_some(), "ottla.http.listen"),
        ] {
            let said =
                |pair: &String| pair.split_once('=').is_some_and(|(it, _)| it.trim() == name);
            if is_given && options.set.iter().any(said) {
                return Err(ConfigurationError::SaidTwice { option, name });
            }
        }
        if let Some(data) = &options.data {
            self.put("log.dirs", data.to_string_lossy().into_owned(), Origin::CommandLine);
        }
        if let Some(http) = &options.http {
            self.put("ottla.http.listen", http.clone(), Origin::CommandLine);
        }
        if let Some(listen) = &options.listen {
            let has_port =
                listen.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
            if !has_port {
                return Err(ConfigurationError::NotAnAddress(listen.clone()));
            }
            let listeners = self.listeners_with(listen);
            self.put("listeners", listeners, Origin::CommandLine);
        }
        Ok(())
    }

    /// The one address for clients, beside the controller's listeners that are there.
    fn listeners_with(&self, listen: &str) -> String {
        let value = |name: &str| self.values.get(name).map_or("", |(value, _)| value.as_str());
        let controllers = value("controller.listener.names").to_uppercase();
        let is_controller = |listener: &&str| {
            let name = listener.split("://").next().unwrap_or_default().trim().to_uppercase();
            controllers.split(',').any(|controller| controller.trim() == name && !name.is_empty())
        };
        let kept = value("listeners").split(',').filter(is_controller).map(str::trim);
        let all: Vec<String> = std::iter::once(format!("PLAINTEXT://{listen}"))
            .chain(kept.map(ToOwned::to_owned))
            .collect();
        all.join(",")
    }

    fn warn(&mut self) {
        let mut without_effect = Vec::new();
        let mut java_classes = Vec::new();
        for (name, (value, origin)) in &self.values {
            match broker().find(name) {
                None => self.warnings.push(Warning::Unknown {
                    name: name.clone(),
                    origin: origin.clone(),
                    hint: hint(name),
                }),
                Some(_) if *origin == Origin::Default => {}
                Some(setting) if is_default(setting, value) => {}
                Some(setting) if setting.is_java_class() => java_classes.push(setting.name),
                Some(setting) if setting.effect == settings::Effect::NoneYet => {
                    without_effect.push(setting.name)
                }
                Some(_) => {}
            }
        }
        if !without_effect.is_empty() {
            self.warnings.push(Warning::WithoutEffect { names: without_effect });
        }
        if !java_classes.is_empty() {
            self.warnings.push(Warning::JavaClass { names: java_classes });
        }
    }

    fn locate(&self, invalid: InvalidValue) -> ConfigurationError {
        // A value may be wrong only together with another's: then the one that is named was perhaps not written.
        let named = invalid.name.split(' ').next().unwrap_or_default();
        let of_listener =
            || self.values.iter().find(|(name, _)| name.ends_with(&format!(".{named}")));
        let written = self.values.get_key_value(named).or_else(of_listener);
        let origin = written.map_or(Origin::Default, |(_, (_, origin))| origin.clone());
        ConfigurationError::Invalid { origin, invalid }
    }
}

/// Saying what is so anyway has no need of an effect.
fn is_default(setting: &settings::Setting, value: &str) -> bool {
    setting.parse(value).ok() == setting.default_value()
}

/// The setting that was perhaps meant.
fn hint(name: &str) -> Option<String> {
    if let Some(setting) = topic().find_exact(name) {
        let of_broker = setting.from.first().map(|from| format!("; the broker's is {from}"));
        return Some(format!("it is a setting of topics{}", of_broker.unwrap_or_default()));
    }
    let distance_max = (name.len() / 6).clamp(1, 3);
    let near = broker().names().map(|other| (edit_distance(name, other), other)).min()?;
    (near.0 <= distance_max).then(|| format!("is {} meant?", near.1))
}

/// Letters to add, take out or change to make one name of the other.
fn edit_distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut previous: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.chars().enumerate() {
        let mut current = vec![row + 1];
        for (column, (other_letter, above)) in other.iter().zip(previous.windows(2)).enumerate() {
            let [diagonal, above] = above else { continue };
            let left = current.get(column).copied().unwrap_or(usize::MAX);
            let changed = diagonal + usize::from(letter != *other_letter);
            current.push(changed.min(above + 1).min(left.saturating_add(1)));
        }
        previous = current;
    }
    previous.last().copied().unwrap_or(usize::MAX)
}

impl Display for Origin {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> FormatResult {
        match self {
            Self::File { path, line } => write!(formatter, "{}, line {line}", path.display()),
            Self::Environment { variable } => write!(formatter, "environment variable {variable}"),
            Self::CommandLine => formatter.write_str("command line"),
            Self::Default => formatter.write_str("settings"),
        }
    }
}

impl Display for Warning {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> FormatResult {
        match self {
            Self::Unknown { name, origin, hint } => {
                write!(formatter, "{origin}: no setting is called {name}")?;
                hint.iter().try_for_each(|hint| write!(formatter, " ({hint})"))
            }
            Self::Repeated { name, path, line, earlier } => {
                let path = path.display();
                write!(
                    formatter,
                    "{path}, line {line}: {name} is set again and overrides line {earlier}"
                )
            }
            Self::WithoutEffect { names } => {
                write!(formatter, "set, and without effect in this version: {}", names.join(", "))
            }
            Self::JavaClass { names } => {
                write!(
                    formatter,
                    "set, and without effect because only Java loads classes: {}",
                    names.join(", ")
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_was_mistyped_is_guessed() {
        assert_eq!(hint("num.partition").as_deref(), Some("is num.partitions meant?"));
        assert_eq!(hint("log.retntion.ms").as_deref(), Some("is log.retention.ms meant?"));
        assert_eq!(
            hint("retention.ms").as_deref(),
            Some("it is a setting of topics; the broker's is log.retention.ms")
        );
        assert_eq!(hint("something.else.entirely"), None);
    }

    #[test]
    fn distances_count_letters() {
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("same", "same"), 0);
    }
}
