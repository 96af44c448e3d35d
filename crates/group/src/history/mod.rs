//! Why groups rebalanced, and who was slow: values for people, which no decision rests on.

mod describe;
mod group_history;
mod histories;
mod pulse;
#[cfg(test)]
mod tests;

pub use describe::{Blocker, HistoryDescription, MemberHistory};
pub use group_history::{GroupHistory, Rebalance, SlowStep, Slowest, Who};
pub(crate) use histories::Histories;
pub(crate) use pulse::Pulse;
