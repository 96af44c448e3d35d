//! The machine as its shell sees it: one voter by hand, three voters in a simulated world.

mod one_voter;
mod three_voters;
mod world;
