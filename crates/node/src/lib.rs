//! One process: its settings, its start, its roles and its stop.
//!
//! [`load`] puts the settings together, [`Node::start`] starts everything in order, [`run`] is the whole life of
//! `ottla start`, and [`Embedded`] is a node within a test.

mod config_rules;
mod configuration;
mod descriptors;
mod directories;
mod embedded;
mod endpoints;
mod environment;
mod error;
mod limits;
mod logging;
mod memory;
mod node;
mod options;
mod process;
mod properties;
mod random;
mod registration;
mod signals;
mod stored_topics;
mod workers;

pub use configuration::{
    Configuration, ConfigurationError, DATA_DIR_DEFAULT, Origin, Warning, load,
};
pub use directories::DirectoryError;
pub use embedded::{Embedded, EmbeddedBuilder};
pub use endpoints::EndpointError;
pub use error::NodeError;
pub use node::Node;
pub use options::StartOptions;
pub use process::run;
pub use properties::MalformedEscape;
pub use registration::RegistrationError;
