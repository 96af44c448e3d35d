//! Three voters of a metadata quorum, between which the input decides what happens next: which message arrives, twice or never,
//! whose disk is done, who dies. A stranger asks things that no voter would.

mod world;

use model::SeededRandom;

use self::world::World;
use crate::mutate::size;
use crate::seeds::choice;
use crate::target::Verdict;

/// Most steps of one input; each takes two bytes.
const STEP_COUNT_MAX: usize = 1_500;

/// What a byte means; those that let the quorum get on are many.
const ACTIONS: [Action; 32] = {
    use Action::{Crash, Deliver, DeliverTwice, Lose, Pass, Propose, Start, Strange, Sync};
    [
        Deliver,
        Deliver,
        Deliver,
        Deliver,
        Deliver,
        Deliver,
        Deliver,
        Deliver,
        Deliver,
        Deliver,
        Deliver,
        Deliver,
        Deliver,
        Sync,
        Sync,
        Sync,
        Sync,
        Sync,
        Pass,
        Pass,
        Pass,
        Propose,
        Propose,
        Propose,
        Start,
        Start,
        Start,
        DeliverTwice,
        Lose,
        Strange,
        Crash,
        Propose,
    ]
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    /// One of the messages under way arrives.
    Deliver,
    /// It arrives, and will once more.
    DeliverTwice,
    Lose,
    /// A node's log is on its disk.
    Sync,
    /// So many milliseconds, and whoever waits for them.
    Pass,
    /// A leader writes a record.
    Propose,
    Crash,
    Start,
    Strange,
}

pub(super) fn seed(random: &mut SeededRandom) -> Vec<u8> {
    let mut bytes = vec![0; 2 * size(200 + random.below(1_000))];
    random.fill(&mut bytes);
    bytes
}

/// One leader in each epoch, one vote, and what is committed stays and is the same everywhere; and when there is peace, the
/// quorum gets on.
pub(super) fn orders(input: &[u8]) -> Verdict {
    let Some((first, rest)) = choice(input, usize::from(u16::MAX)) else { return Verdict::Refused };
    let mut world = World::new(u64::try_from(first).unwrap_or(0));
    for step in rest.chunks_exact(2).take(STEP_COUNT_MAX) {
        let [action, which] = *step else { continue };
        let Some(action) = ACTIONS.get(usize::from(action) % ACTIONS.len()) else { continue };
        let which = usize::from(which);
        match action {
            Action::Deliver => world.deliver(which, false),
            Action::DeliverTwice => world.deliver(which, true),
            Action::Lose => world.lose(which),
            Action::Sync => world.sync(which),
            Action::Pass => world.pass(which),
            Action::Propose => world.propose(which),
            Action::Crash => world.crash(which),
            Action::Start => world.start(which),
            Action::Strange => world.strange(which),
        }
    }
    let committed = world.committed_count();
    assert!(world.comes_to_peace(), "nothing is committed in peace:\n{}", world.standing());
    // Of a history in which nothing was, not much is said.
    if committed > 0 { Verdict::Taken } else { Verdict::Refused }
}
