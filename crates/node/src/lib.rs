//! One process: its settings, its start, its roles and its stop.

mod configuration;
mod environment;
mod options;
mod properties;

pub use configuration::{
    Configuration, ConfigurationError, DATA_DIR_DEFAULT, Origin, Warning, load,
};

pub use options::StartOptions;
pub use properties::MalformedEscape;
