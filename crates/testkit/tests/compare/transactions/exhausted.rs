//! Ids whose epochs are used up: what the last of them is good for, and what comes after it.

use std::thread::sleep;
use std::time::Duration;

use testkit::Failed;
use testkit::compare::{Comparison, Side};

use super::ids::{Claim, Id, Rules, Stand};
use super::{TOPIC, add, after, end, init, log, warm_up};

/// The last epoch that a producer is given, less those that the cases use up.
const CLOSE_TO_THE_LAST: i16 = i16::MAX - 3;

pub(crate) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    warm_up(c)?;
    begins_anew(c)?;
    ends(c, true)?;
    ends(c, false)?;
    is_fenced(c)?;
    log::compare_lasts(c, &[Id::new(FENCED).name()])
}

/// An id that is close to its last epoch on both sides.
fn old(c: &mut Comparison, name: &str, timeout: i32) -> Result<Id, Failed> {
    let id = Id::new(name);
    for side in [&mut c.kafka, &mut c.ottla] {
        while id.claimed(side, Claim::Own).1 < CLOSE_TO_THE_LAST {
            id.begin(side, timeout)?;
        }
    }
    Ok(id)
}

fn begins_anew(c: &mut Comparison) -> Result<(), Failed> {
    let id = old(c, "old-begins", 60_000)?;
    for turn in 0..6 {
        let words = &format!("begins, turn {turn}");
        c.case(words, 4, |_| init(&id, 60_000, (-1, -1)))?;
        after(c, &id, words)?;
        for claim in [Claim::EarlierEpoch, Claim::Own, Claim::LaterEpoch] {
            let words = &format!("goes on, turn {turn}, {claim:?}");
            c.case(words, 4, |s| init(&id, 60_000, id.claimed(s, claim)))?;
            after(c, &id, words)?;
        }
    }
    Ok(())
}

/// Transactions of version 2 use up an epoch each; retries of an end must be told from the next one over the change of the id.
fn ends(c: &mut Comparison, committed: bool) -> Result<(), Failed> {
    let id = old(c, &format!("old-ends-{committed}"), 60_000)?;
    for turn in 0..5 {
        let words = &format!("transaction {turn}");
        c.case(words, 5, |s| add(5, &id, id.claimed(s, Claim::Own), false, &[(TOPIC, &[0])]))?;
        after(c, &id, words)?;
        let mut producers = Vec::new();
        let answers = c.case("ends", 5, |s| end(&id, id.claimed(s, Claim::Own), committed))?;
        for answer in [answers.0, answers.1] {
            producers.extend(answer.map(|answer| (answer.producer_id, answer.producer_epoch)));
        }
        after(c, &id, "ended")?;
        for retry in ["first", "second"] {
            let words = &format!("{retry} retry of the end, turn {turn}");
            c.case(words, 5, |s| end(&id, id.claimed(s, Claim::Own), committed))?;
            c.case(words, 5, |s| end(&id, id.claimed(s, Claim::Own), !committed))?;
            after(c, &id, words)?;
        }
        let [of_kafka, of_ottla] = producers[..] else {
            return Err(Failed(format!("{}: no end", id.name())));
        };
        for (side, producer) in [(&mut c.kafka, of_kafka), (&mut c.ottla, of_ottla)] {
            if producer.0 >= 0 {
                id.remember(side, producer);
            }
        }
    }
    Ok(())
}

/// Whose records differ, see [`is_fenced`].
const FENCED: &str = "old-fenced";

/// The coordinator itself takes an epoch to abort what was open for too long.
fn is_fenced(c: &mut Comparison) -> Result<(), Failed> {
    let id = old(c, FENCED, 400)?;
    for turn in 0..4 {
        let words = &format!("fenced, turn {turn}");
        let opened = |side: &mut Side| id.bring_on(side, Rules::New, Stand::Ongoing);
        for side in [&mut c.kafka, &mut c.ottla] {
            opened(side)?;
        }
        for side in [&mut c.kafka, &mut c.ottla] {
            id.until(side, |state| state.transaction_state == "CompleteAbort")?;
        }
        // Apache Kafka takes the next id when it aborts with the last epoch, Ottla when somebody asks for it.
        let is_last = |c: &Comparison| id.claimed(&c.kafka, Claim::Own).1 == i16::MAX - 1;
        if !is_last(c) {
            after(c, &id, words)?;
        }
        sleep(Duration::from_millis(20));
        c.case(words, 5, |s| init(&id, 400, id.claimed(s, Claim::Own)))?;
        after(c, &id, words)?;
        for side in [&mut c.kafka, &mut c.ottla] {
            id.begin(side, 400)?;
        }
        after(c, &id, "begins again")?;
        // Of an id with its last epoch, Apache Kafka knows no answer: UNKNOWN_SERVER_ERROR.
        if !is_last(c) {
            let ask = |s: &mut Side| init(&id, 400, id.claimed(s, Claim::EarlierEpoch));
            c.case("goes on too late", 5, ask)?;
        }
    }
    Ok(())
}
