use model::{Offset, Sequence};

use super::{BROKER_COUNT, CLIENT, CONTROLLER, World, address, index_of};
use crate::failure::Broken;
use crate::network::NetworkConfig;
use crate::stop::Stop;
use crate::stored::{StoredBatch, raw};

impl World<'_> {
    /// Sometimes, something bad.
    pub(super) fn trouble(&mut self) -> Result<(), Broken> {
        match self.random.below(1_000) {
            0..3 => self.order_power_cut(),
            3..6 => self.cut_link(),
            6..12 => self.network.heal(),
            12..15 => self.move_leadership(),
            15 => self.delete_records()?,
            16..18 => self.order_fault(),
            18..20 => self.change_disk(),
            _ => {}
        }
        Ok(())
    }

    pub(super) fn any_broker(&mut self) -> usize {
        usize::try_from(self.random.below(BROKER_COUNT as u64)).unwrap_or(0)
    }

    fn order_power_cut(&mut self) {
        let index = self.any_broker();
        let operations = 1 + self.random.below(30);
        self.members[index].disk().crash_after(operations);
        self.trace.line(format_args!("broker {index}: power goes after {operations} operations"));
    }

    /// One direction of one link.
    fn cut_link(&mut self) {
        let from = address(self.any_broker());
        let to = match self.random.below(5) {
            0 => CONTROLLER,
            1 => CLIENT,
            _ => address(self.any_broker()),
        };
        let (from, to) = if self.random.one_in(2) { (from, to) } else { (to, from) };
        self.network.cut(from, to);
        self.trace.line(format_args!("the link from {from} to {to} is cut"));
    }

    fn move_leadership(&mut self) {
        let choice = self.any_broker();
        let before = self.controller.state().clone();
        self.controller.move_leadership(choice);
        self.announce(&before);
    }

    fn delete_records(&mut self) -> Result<(), Broken> {
        let index = index_of(self.controller.state().leader);
        if !self.members[index].leads(self.controller.state()) {
            return Ok(());
        }
        let mark = self.members[index].high_watermark().unwrap_or(Offset::ZERO);
        let back = i64::try_from(self.random.below(60)).unwrap_or(0);
        let Some(before) = Offset::from_wire(mark.to_wire() - back) else { return Ok(()) };
        let before = before.min(self.history.first_last_of_a_producer());
        let done = self.first_unheard(index);
        let Ok(Some(unheard)) = done else { return self.settle(index, done.map(|_| ())) };
        let before = before.min(unheard);
        self.trace.line(format_args!("delete records before {before}"));
        self.history.forget_below(before);
        let done = self.members[index].delete_records(before);
        self.settle(index, done)
    }

    /// Where the first batch lies of which its producer has not heard. A replica that begins anew at its leader's log start
    /// has never seen what was deleted before that, and when it leads it cannot know it again, as in Kafka: so that is not
    /// deleted.
    fn first_unheard(&mut self, index: usize) -> Result<Option<Offset>, Stop> {
        let may_come = self.may_come()?;
        let Some(log) = self.members[index].contents()? else { return Ok(None) };
        let is_unheard = |batch: &&StoredBatch| {
            let delta = u32::try_from(batch.end.records_since(batch.base)).unwrap_or(1) - 1;
            let last = |first: Option<Sequence>| raw(first.map(|first| first.plus(delta)));
            batch.producer.is_some_and(|(id, first)| may_come.contains(&(id, last(first))))
        };
        Ok(Some(log.batches.iter().find(is_unheard).map_or(log.log_end, |batch| batch.base)))
    }

    /// A good network and good disks, and every power on and staying on.
    pub(super) fn heal(&mut self) {
        self.trace.line("everything heals");
        self.network.heal();
        self.network.set_config(NetworkConfig::CALM);
        for index in 0..BROKER_COUNT {
            self.heal_disk(index);
            let member = &mut self.members[index];
            // A cut that was ordered and has not come: let it come now, or never.
            member.disk().crash_after(u64::MAX / 2);
            member.start_now();
        }
    }
}
