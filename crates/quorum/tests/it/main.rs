//! The quorum's thread on a real directory and on a simulated disk.

#[cfg(test)]
mod damage;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod life;
#[cfg(test)]
mod power_cuts;
