//! Compaction: what it leaves, what it never changes, and what a crash in the middle of it leaves.

mod beside;
mod crashes;
mod keyed;
mod reads;
mod retained;
mod transactions;
