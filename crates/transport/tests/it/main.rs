//! The loops over real sockets of this machine.

mod harness;
mod limits;
mod order;
