//! Records that are larger than the topic of the coordinator takes.

use testkit::Failed;
use testkit::compare::Comparison;

use super::ids::{Claim, Id, Rules, Stand};
use super::{add, after, end, fresh, in_order, init};
use crate::settings::limit_records;
use crate::topics::prepare;

/// Room for one of the long names beside all else, and not for two.
const SIZE_MAX: &str = "500";

pub(crate) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    super::warm_up(c)?;
    let names: Vec<String> = ["a", "b"].iter().map(|letter| letter.repeat(200)).collect();
    for name in &names {
        prepare(c, name, 2, &[])?;
    }
    let both = [(names[0].as_str(), [0].as_slice()), (names[1].as_str(), [0, 1].as_slice())];
    let [one, other] = both.map(|topic| [topic]);
    for rules in [Rules::Old, Rules::New] {
        let v = if rules == Rules::Old { 3 } else { 5 };
        let id = fresh(c, "too-large", rules, Stand::Empty)?;
        limit_records(c, "__transaction_state", SIZE_MAX)?;
        let mut ask = |words: &str, topics: &[(&str, &[i32])]| {
            let request = |s: &mut _| add(v, &id, id.claimed(s, Claim::Own), false, topics);
            c.case_tidied(&format!("{words}, {rules:?}"), v, request, in_order)?;
            after(c, &id, words)
        };
        ask("more topics than fit", &both)?;
        ask("one fits", &one)?;
        ask("the other does not", &other)?;
        ask("the first once more", &one)?;
        c.case(&format!("committed all the same, {rules:?}"), v.min(4), |s| {
            end(&id, id.claimed(s, Claim::Own), true)
        })?;
        after(c, &id, "committed")?;
        let long = Id::new(&format!("{rules:?}").repeat(400));
        for v in [3, 6] {
            c.case(&format!("an id that does not fit, {rules:?}"), v, |_| {
                init(&long, 60_000, (-1, -1))
            })?;
        }
        limit_records(c, "__transaction_state", "1048588")?;
    }
    Ok(())
}
