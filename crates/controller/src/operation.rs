use metadata::MetadataRecord;
use model::{Instant, Offset, SeededRandom};

use crate::config_rules::ConfigRules;
use crate::controller::Controller;
use crate::soft::Soft;

/// Something the controller can be asked to do.
///
/// Deciding borrows the controller, so it cannot change the metadata: the records do, once they are in the log and
/// [`Controller::replay`] has seen them. The reply may leave when they are committed. `decide` is called once.
pub trait Operation: Send + 'static {
    type Reply: Send + 'static;

    /// Whether its records count all or not at all. Where each record makes sense by itself, there may be more of
    /// them than fit into one batch.
    const ATOMIC: bool = true;

    fn decide(&self, controller: &Controller, context: &mut Context<'_>) -> Decision<Self::Reply>;
}

/// What is to be written, and what is answered once it is committed.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision<R> {
    pub records: Vec<MetadataRecord>,
    pub reply: R,
}

impl<R> Decision<R> {
    /// Answers and changes nothing.
    pub const fn nothing(reply: R) -> Self {
        Self { records: Vec::new(), reply }
    }
}

/// What a decision may look at besides the metadata.
pub struct Context<'a> {
    pub now: Instant,
    /// The offset that the first record of this decision gets.
    pub next_offset: Offset,
    pub random: &'a mut SeededRandom,
    pub rules: &'a dyn ConfigRules,
    pub soft: &'a mut Soft,
}
