//! Event loops, connections, frames, pipelining, answers in order. It knows no API.
//!
//! One thread per core runs a loop over its own connections ([`Server`]). A loop reads whole frames into the arena and gives
//! each to its [`Handler`] together with a slot for the one answer; answers leave in the order of their requests, several
//! with one `writev`, file ranges with `sendfile`. Why not tokio: docs/adr/0001.
//!
//! Per request in steady state: no allocation, no lock, one `read` and one `write` for as many requests as came
//! together. Other threads answer through [`LoopHandle`], which wakes a loop only when it sleeps.

mod answer;
mod config;
mod connection;
mod counts;
mod event_loop;
mod handler;
mod inbox;
mod input;
pub mod limits;
mod listener;
mod loop_io;
mod output;
mod pace;
mod pressure;
mod relief;
mod server;
mod slab;
mod stream;
mod timer_wheel;

use ::io::arena;

pub use answer::{Answer, AnswerKey, LENGTH_SIZE, Part};
pub use config::Config;
pub use connection::Peer;
pub use handler::{ConnectionKey, Handler, Pipelining};
pub use inbox::LoopHandle;
pub use loop_io::LoopIo;
pub use pressure::CopiedBytes;
pub use server::{BindError, Running, Server};
pub use slab::{Slab, SlabKey};
pub use timer_wheel::{TimerKey, TimerWheel};
