//! Transactions on this broker: the coordinator, and what it wants done outside of its shards.

mod completions;
mod joining;
mod markers;
mod nobody;

use std::sync::Arc;
use std::sync::atomic::{AtomicI16, Ordering};

use io::Clock;
use metadata::Image;
use model::{ProducerId, SeededRandom};
use settings::BrokerSettings;
use txn::{
    EndTransaction, InitProducer, Producer, TransactionError, TransactionShard, TransactionVersion,
    TransactionalId,
};

use crate::Broker;
use crate::coordinator::{OnEffect, Settings, TransactionCoordinator, Unavailable};

pub(crate) use completions::Completions;
pub(crate) use joining::{HowToJoin, Join, Uncommitted};
pub(crate) use markers::{MarkerNotWritten, write_marker};
pub(crate) use nobody::refuse_nobody;

/// The feature that says by which rules transactions go.
pub(crate) const TRANSACTION_VERSION: &str = "transaction.version";

/// Why a request about a transaction is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error(transparent)]
    Transaction(#[from] TransactionError),
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// The transaction coordinator of this broker, and the ends of transactions that it is writing.
pub struct Transactions {
    coordinator: TransactionCoordinator,
    completions: Completions,
    /// The level of [`TRANSACTION_VERSION`].
    level: AtomicI16,
}

impl Transactions {
    pub(crate) fn new(
        clock: Arc<dyn Clock>,
        settings: &BrokerSettings,
        random: SeededRandom,
        on_effect: OnEffect<TransactionShard>,
    ) -> Self {
        let settings = Settings::of_transactions(settings, TransactionVersion::V0);
        Self {
            coordinator: TransactionCoordinator::new(clock, settings, random, on_effect),
            completions: Completions::default(),
            level: AtomicI16::new(0),
        }
    }

    pub fn coordinator(&self) -> &TransactionCoordinator {
        &self.coordinator
    }

    pub(crate) fn completions(&self) -> &Completions {
        &self.completions
    }

    /// By which rules the cluster goes.
    pub(crate) fn version(&self) -> TransactionVersion {
        TransactionVersion::from_level(self.level.load(Ordering::Relaxed))
    }

    pub(crate) fn set_settings(&self, settings: &BrokerSettings) {
        self.coordinator.set_settings(Settings::of_transactions(settings, self.version()));
    }

    /// Takes the next image over, in the order of images.
    pub(crate) fn follow(&self, broker: &Arc<Broker>, image: &Arc<Image>) {
        let level = image.feature(TRANSACTION_VERSION);
        if self.level.swap(level, Ordering::Relaxed) != level {
            self.set_settings(broker.config().settings());
        }
        self.coordinator.follow(broker, image);
    }

    /// Gives a transactional producer its id and epoch.
    pub(crate) fn init_producer(
        &self,
        broker: &Arc<Broker>,
        request: InitProducer,
        done: impl FnOnce(Result<Producer, Refused>) + Send + 'static,
    ) {
        let (id, again, fresh) = (request.id.clone(), request.clone(), request.fresh.is_some());
        let answering = Arc::clone(broker);
        self.coordinator.decide(
            id.as_str(),
            move |shard, soft, now| shard.init_producer(soft, now, &request),
            move |result| match flatten(result) {
                Err(refused) if !fresh && wants_fresh_id(&refused) => {
                    with_fresh_id(answering, done, move |broker, fresh, done| {
                        let request = InitProducer { fresh: Some(fresh), ..again };
                        broker.transactions().init_producer(broker, request, done);
                    });
                }
                result => done(result),
            },
        );
    }

    /// Decides the outcome of a transaction. The answer is the producer of the next one.
    pub(crate) fn end(
        &self,
        broker: &Arc<Broker>,
        request: EndTransaction,
        done: impl FnOnce(Result<Producer, Refused>) + Send + 'static,
    ) {
        let (id, again, fresh) = (request.id.clone(), request.clone(), request.fresh.is_some());
        let answering = Arc::clone(broker);
        self.coordinator.decide(
            id.as_str(),
            move |shard, soft, now| shard.end(soft, now, &request),
            move |result| match flatten(result) {
                Err(refused) if !fresh && wants_fresh_id(&refused) => {
                    with_fresh_id(answering, done, move |broker, fresh, done| {
                        let request = EndTransaction { fresh: Some(fresh), ..again };
                        broker.transactions().end(broker, request, done);
                    });
                }
                result => done(result),
            },
        );
    }
}

const fn wants_fresh_id(refused: &Refused) -> bool {
    matches!(refused, Refused::Transaction(TransactionError::FreshIdNeeded))
}

/// Has a producer id given out and asks once more with it; the box ends what would be a type within itself.
fn with_fresh_id(
    broker: Arc<Broker>,
    done: impl FnOnce(Result<Producer, Refused>) + Send + 'static,
    ask: impl FnOnce(&Arc<Broker>, ProducerId, Done) + Send + 'static,
) {
    let answering = Arc::clone(&broker);
    broker.producer_ids().next(&broker, move |fresh| match fresh {
        Some(fresh) => ask(&answering, fresh, Box::new(done)),
        None => done(Err(Unavailable::Loading.into())),
    });
}

type Done = Box<dyn FnOnce(Result<Producer, Refused>) + Send>;

/// A transactional id as a client sends it.
pub(crate) fn parse_id(text: &str) -> Result<TransactionalId, Refused> {
    TransactionalId::new(text).ok_or(Refused::Transaction(TransactionError::InvalidId))
}

pub(crate) fn flatten<R>(
    result: Result<Result<R, TransactionError>, Unavailable>,
) -> Result<R, Refused> {
    Ok(result??)
}
