use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Failed;

macro_rules! report {
    ($($(#[$meta:meta])* $name:ident),* $(,)?) => {
        /// What has happened so far.
        #[derive(Debug, Default)]
        pub(super) struct Counts {
            $($(#[$meta])* pub(super) $name: AtomicU64,)*
        }

        /// What one run came to.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Report {
            $($(#[$meta])* pub $name: u64,)*
        }

        impl Counts {
            pub(super) fn report(&self) -> Report {
                Report { $($name: self.$name.load(Ordering::Relaxed),)* }
            }
        }

        impl Report {
            /// Each count with its name.
            pub fn each(&self) -> Vec<(&'static str, u64)> {
                vec![$((stringify!($name), self.$name)),*]
            }
        }
    };
}

report! {
    /// Records of the producers.
    acknowledged,
    /// Transactions.
    committed,
    aborted,
    /// Lives of clients that the broker put an end to: by a later life, or since they were thought dead.
    fenced,
    client_kills,
    /// Sleeps of clients that others must take for dead.
    client_naps,
    broker_kills,
    broker_pauses,
    /// Records that the reader of committed records was given, again ones too.
    read,
    /// Records that members of the share group were given.
    delivered,
    delivered_again,
    accepted,
    released,
    /// Records of which nothing was said.
    left,
}

impl Report {
    /// A run that did nothing proves nothing. That somebody is fenced takes a sleep at the right moment: a short run may have none.
    pub(super) fn check_that_all_happened(&self) -> Result<(), Failed> {
        let must_be = |(name, _): &(&str, u64)| *name != "fenced";
        match self.each().into_iter().filter(must_be).find(|(_, count)| *count == 0) {
            None => Ok(()),
            Some((name, _)) => Err(Failed(format!("nothing was {name}: {self}"))),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, count)) in self.each().into_iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(formatter, "{space}{name}={count}")?;
        }
        Ok(())
    }
}
