//! The broker's shell: one file per API under [`api`], the partitions, and the handler that the event loops run.
//!
//! Where to start: [`dispatch`] takes a frame apart and finds its API in the table of [`api`]; an API is
//! `fn handle(broker: &Arc<Broker>, request: Request<XRequest>, reply: ReplyTo)`. It must not wait for anything: what
//! must be waited for keeps the [`ReplyTo`] as data and answers later, from whatever thread.

pub mod api;
mod broker;
mod dispatch;
pub mod error_map;
mod features;
mod image_cell;
pub mod limits;
mod loop_message;
mod reply;
mod request;

pub use broker::{Broker, Identity};
pub use dispatch::LoopHandler;
pub use features::SUPPORTED_FEATURES;
pub use image_cell::ImageCell;
pub use loop_message::LoopMessage;
pub use reply::ReplyTo;
pub use request::{Client, Request};
