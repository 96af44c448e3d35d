//! Every parked produce is answered exactly once, and never before what it waits for is true.

use std::collections::BTreeMap;

use model::{Instant, Offset};
use proptest::prelude::*;
use replica::{Appended, Novelty, Once, ParkedProduces, Progress};

#[derive(Clone, Debug)]
enum Event {
    Park { needed: i64, committed: bool, wait_ms: u64 },
    Progress { durable: i64, committed: i64 },
    Wait { ms: u64 },
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (0_i64..100, any::<bool>(), 1_u64..50).prop_map(|(needed, committed, wait_ms)| {
            Event::Park { needed, committed, wait_ms }
        }),
        (0_i64..10, 0_i64..10)
            .prop_map(|(durable, committed)| Event::Progress { durable, committed }),
        (0_u64..20).prop_map(|ms| Event::Wait { ms }),
    ]
}

fn offset(raw: i64) -> Offset {
    Offset::from_wire(raw).unwrap()
}

proptest! {
    #[test]
    fn each_produce_is_answered_once_and_not_too_early(
        events in prop::collection::vec(event(), 1..200)
    ) {
        let mut table = ParkedProduces::new();
        let mut waiting = BTreeMap::new();
        let (mut durable, mut committed, mut now) = (0, 0, Instant::ZERO);
        let mut out = Vec::new();
        for (ticket, event) in events.iter().enumerate() {
            if let Event::Progress { durable: by, committed: back } = event {
                durable += by;
                committed = (durable - back).max(committed);
            }
            let progress = Progress {
                durable_end: offset(durable),
                high_watermark: offset(committed),
                enough_in_sync: true,
            };
            match event {
                Event::Park { needed, committed, wait_ms } => {
                    let needed = offset(*needed);
                    let appended = Appended {
                        base: Offset::ZERO,
                        end: needed,
                        log_start: Offset::ZERO,
                        novelty: Novelty::New,
                    };
                    let once = if *committed { Once::Committed(needed) } else { Once::Local(needed) };
                    let deadline = now.plus(std::time::Duration::from_millis(*wait_ms));
                    waiting.insert(ticket, (once, deadline));
                    table.park(ticket, Ok(appended), once, deadline, &progress, &mut out);
                }
                Event::Progress { .. } => table.release(&progress, &mut out),
                Event::Wait { ms } => {
                    now = now.plus(std::time::Duration::from_millis(*ms));
                    table.expire(now, &mut out);
                }
            }
            for (ticket, result) in out.drain(..) {
                let (once, deadline) = waiting.remove(&ticket).expect("answered once");
                let due = match once {
                    Once::Now => true,
                    Once::Local(needed) => needed <= progress.durable_end,
                    Once::Committed(needed) => needed <= progress.high_watermark,
                };
                if result.is_ok() {
                    prop_assert!(due);
                } else {
                    prop_assert!(deadline <= now);
                }
            }
            for (once, deadline) in waiting.values() {
                let due = match once {
                    Once::Now => true,
                    Once::Local(needed) => *needed <= progress.durable_end,
                    Once::Committed(needed) => *needed <= progress.high_watermark,
                };
                prop_assert!(!due, "nothing waits for what is true");
                let told = table.next_timeout().is_some_and(|next| next <= *deadline);
                prop_assert!(told, "no deadline is forgotten");
            }
            prop_assert_eq!(table.len(), waiting.len());
        }
    }
}
