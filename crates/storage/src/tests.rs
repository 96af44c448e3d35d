//! The whole of storage on a simulated disk.

mod clean_stop;
mod cleaning;
mod crash;
mod damage;
mod faults;
mod lane;
mod left_behind;
mod logs;
mod names;
mod replaying;
mod rot;
mod threads;
mod world;
