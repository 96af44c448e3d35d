//! Records that are larger than the topic of the share coordinator takes.

use testkit::Failed;
use testkit::compare::{Comparison, Side};

use super::TOPIC;
use super::state::{Batch, initialize, read, summary, write};
use crate::settings::limit_records;

pub(crate) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    crate::groups::find_coordinators(c)?;
    crate::topics::prepare(c, TOPIC, 3, &[])?;
    // The topic of states is made for the first member, which takes Apache Kafka a while.
    super::settle(c, "first", "a", &[TOPIC], 3)?;
    let group = "too-large";
    let id = |s: &mut Side| s.topic_id(TOPIC);
    // Each is a batch of its own: 20 bytes.
    let many: Vec<Batch> = (0..200).map(|at| (2 * at, 2 * at, 2, 1)).collect();
    c.case("set up", 0, |s| initialize(group, id(s), 1, 0))?;
    c.case("read by a leader", 0, |s| read(group, id(s), 2))?;
    limit_records(c, "__share_group_state", "2000")?;
    for v in 0..=1 {
        c.case("more batches than fit", v, |s| write(group, id(s), (1, 2), (0, 0), &many))?;
        c.case("nothing of it is there", v, |s| summary(group, id(s)))?;
    }
    c.case("what fits", 0, |s| write(group, id(s), (1, 2), (0, 0), &many[..50]))?;
    c.case("is there", 0, |s| read(group, id(s), 2))?;
    let long = "g".repeat(3_000);
    c.case("a group whose name does not fit", 0, |s| initialize(&long, id(s), 1, 0))?;
    limit_records(c, "__share_group_state", "1048588")?;
    c.case("more batches fit by now", 0, |s| write(group, id(s), (1, 2), (0, 0), &many))?;
    c.case("a name that fits by now", 0, |s| initialize(&long, id(s), 1, 0))?;
    c.case("and are there", 0, |s| read(group, id(s), 2))?;
    Ok(())
}
