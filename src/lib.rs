//! Ottla within a program: what its tests need in place of a broker of their own.
//!
//! ```
//! let broker = ottla::Embedded::start()?;
//! println!("bootstrap.servers={}", broker.bootstrap_servers());
//! # Ok::<(), ottla::NodeError>(())
//! ```

pub use node::{Embedded, EmbeddedBuilder, NodeError};
