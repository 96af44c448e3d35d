use controller::{Context, Controller, Operation};
use metadata::MetadataRecord;

/// Why the controller did not even look at a request. None of its records was committed, unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// This node is not the active controller, or is stopping. Kafka's `NOT_CONTROLLER`.
    #[error("this node is not the active controller")]
    NotActive,
    /// The records were written, and whether they are committed will never be known here.
    #[error("leadership of the metadata quorum was lost before the records were committed")]
    OutcomeUnknown,
    /// Too many requests wait already.
    #[error("too many requests wait for the controller")]
    Busy,
    /// What it asks for does not fit into one batch, so it could not count all or not at all.
    #[error("the request asks for more metadata than fits into one batch")]
    TooLarge,
}

/// An operation with whoever waits for its reply, whatever its type.
pub(crate) trait Job: Send {
    /// See [`Operation::ATOMIC`].
    fn is_atomic(&self) -> bool;

    /// Decides and keeps the reply. Called once.
    fn decide(&mut self, controller: &Controller, context: &mut Context<'_>)
    -> Vec<MetadataRecord>;

    /// Sends the reply that was kept, its records being committed, or the failure.
    fn finish(self: Box<Self>, outcome: Result<(), Unavailable>);
}

pub(crate) struct Request<O: Operation, F> {
    operation: O,
    reply: Option<O::Reply>,
    done: F,
}

impl<O: Operation, F> Request<O, F> {
    pub(crate) const fn new(operation: O, done: F) -> Self {
        Self { operation, reply: None, done }
    }
}

impl<O, F> Job for Request<O, F>
where
    O: Operation,
    F: FnOnce(Result<O::Reply, Unavailable>) + Send,
{
    fn is_atomic(&self) -> bool {
        O::ATOMIC
    }

    fn decide(
        &mut self,
        controller: &Controller,
        context: &mut Context<'_>,
    ) -> Vec<MetadataRecord> {
        let decision = self.operation.decide(controller, context);
        self.reply = Some(decision.reply);
        decision.records
    }

    fn finish(self: Box<Self>, outcome: Result<(), Unavailable>) {
        let Self { reply, done, .. } = *self;
        done(outcome.and_then(|()| reply.ok_or(Unavailable::NotActive)));
    }
}
