//! Exactly-once by the simulator's rules, on a real broker.

use std::time::Duration;

use testkit::Failed;
use testkit::workload::{Wish, run};

/// `cargo xtask soak --checker MINUTES` does the same for longer.
#[test]
fn the_rules_of_exactly_once_hold_on_a_broker_that_is_killed_and_stopped() {
    let wish = Wish { duration: Duration::from_secs(30), seed: 7 };
    if let Err(Failed(text)) = run(wish) {
        panic!("{text}");
    }
}
