//! The machine as its shell sees it: one voter by hand, three voters in a simulated world.

#[cfg(test)]
mod one_voter;
#[cfg(test)]
mod three_voters;
#[cfg(test)]
mod world;
