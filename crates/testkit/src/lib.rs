//! Real brokers and real clients as processes, for tests.
//!
//! Everything is fetched by package name from its registry into `target/`, once; a missing tool is an error that names it.

mod command;
pub mod compare;
pub mod crashes;
pub mod exactly_once;
mod kafka;
pub mod killed;
pub mod load;
pub mod lossy_fs;
mod ottla;
pub mod packages;
mod place;
pub mod suites;
pub mod workload;

pub use command::{Failed, Step};
pub use kafka::{ApacheKafka, KAFKA_TOOLS_VERSION, KAFKA_VERSION, class_path};
pub use ottla::{Ottla, program};
pub use place::{free_port, project_root, target_directory, wait_for_port};
