use model::Offset;

use super::{BROKER_COUNT, CLIENT, CONTROLLER, World, address, index_of};
use crate::failure::Broken;
use crate::network::NetworkConfig;

impl World<'_> {
    /// Sometimes, something bad.
    pub(super) fn trouble(&mut self) -> Result<(), Broken> {
        match self.random.below(1_000) {
            0..3 => self.order_power_cut(),
            3..6 => self.cut_link(),
            6..12 => self.network.heal(),
            12..15 => self.move_leadership(),
            15 => self.delete_records()?,
            _ => {}
        }
        Ok(())
    }

    fn any_broker(&mut self) -> usize {
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
        self.trace.line(format_args!("delete records before {before}"));
        self.history.forget_below(before);
        let done = self.members[index].delete_records(before);
        self.settle(index, done)
    }

    /// A good network, and every power on and staying on.
    pub(super) fn heal(&mut self) {
        self.trace.line("everything heals");
        self.network.heal();
        self.network.set_config(NetworkConfig::CALM);
        for index in 0..BROKER_COUNT {
            let member = &mut self.members[index];
            // A cut that was ordered and has not come: let it come now, or never.
            member.disk().crash_after(u64::MAX / 2);
            member.start_now();
        }
    }
}
