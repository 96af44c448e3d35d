//! Settings from environment variables, as the official container image of Kafka maps them.

use settings::Level;

/// A setting that a variable gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    pub(crate) variable: String,
    pub(crate) name: String,
    pub(crate) value: String,
}

/// Variables that begin as settings do and are for Kafka's start scripts.
const NOT_SETTINGS: &[&str] = &[
    "KAFKA_CLUSTER_ID",
    "KAFKA_DEBUG",
    "KAFKA_GC_LOG_OPTS",
    "KAFKA_HEAP_OPTS",
    "KAFKA_HOME",
    "KAFKA_JMX_HOSTNAME",
    "KAFKA_JMX_OPTS",
    "KAFKA_JMX_PORT",
    "KAFKA_JVM_PERFORMANCE_OPTS",
    "KAFKA_LOG4J_LOGGERS",
    "KAFKA_LOG4J_OPTS",
    "KAFKA_OPTS",
    "KAFKA_TOOLS_LOG4J_LOGLEVEL",
    "KAFKA_VERSION",
];

/// Every setting among `variables`: `KAFKA_NUM_PARTITIONS` is `num.partitions`, two underscores are one, three are
/// a hyphen. In the order of names.
pub(crate) fn settings(variables: impl IntoIterator<Item = (String, String)>) -> Vec<Variable> {
    let mut found: Vec<Variable> =
        variables.into_iter().filter_map(|(name, value)| setting(name, value)).collect();
    found.sort_by(|one, other| one.variable.cmp(&other.variable));
    found
}

fn setting(variable: String, value: String) -> Option<Variable> {
    if NOT_SETTINGS.contains(&variable.as_str()) {
        return None;
    }
    let rest = variable.strip_prefix("KAFKA_").filter(|rest| !rest.is_empty())?;
    let name = match rest {
        // The image's variable for the level of all loggers.
        "LOG4J_ROOT_LOGLEVEL" if Level::parse(&value).is_some() => "ottla.log.level".to_owned(),
        _ => rest
            .to_lowercase()
            .replace("___", "-")
            .replace("__", "\0")
            .replace('_', ".")
            .replace('\0', "_"),
    };
    Some(Variable { variable, name, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(variables: &[&str]) -> Vec<String> {
        let variables = variables.iter().map(|name| ((*name).to_owned(), "INFO".to_owned()));
        settings(variables).into_iter().map(|setting| setting.name).collect()
    }

    #[test]
    fn underscores_are_dots_two_are_one_and_three_a_hyphen() {
        assert_eq!(names(&["KAFKA_NUM_PARTITIONS"]), ["num.partitions"]);
        assert_eq!(names(&["KAFKA_A__B_C___D"]), ["a_b.c-d"]);
        assert_eq!(names(&["KAFKA_OTTLA_DURABILITY"]), ["ottla.durability"]);
        assert_eq!(names(&["KAFKA_LOG4J_ROOT_LOGLEVEL"]), ["ottla.log.level"]);
    }

    #[test]
    fn other_variables_are_no_settings() {
        assert_eq!(
            names(&["PATH", "KAFKA", "KAFKA_", "KAFKA_HEAP_OPTS", "KAFKA_VERSION", "CLUSTER_ID"]),
            [""; 0]
        );
    }
}
