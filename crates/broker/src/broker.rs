use std::sync::Arc;

use io::Clock;
use metadata::Image;
use model::BrokerId;
use parking_lot::RwLock;
use quorum::Quorum;
use settings::BrokerConfig;

use crate::image_cell::ImageCell;

/// Who this broker is.
#[derive(Clone, Debug)]
pub struct Identity {
    pub cluster_id: String,
    pub id: BrokerId,
}

/// Everything that the loops and other threads of a broker share.
pub struct Broker {
    identity: Identity,
    config: RwLock<Arc<BrokerConfig>>,
    image: ImageCell,
    quorum: Quorum,
    clock: Arc<dyn Clock>,
}

impl Broker {
    pub fn new(
        identity: Identity,
        config: BrokerConfig,
        quorum: Quorum,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            identity,
            config: RwLock::new(Arc::new(config)),
            image: ImageCell::default(),
            quorum,
            clock,
        }
    }

    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    pub fn id(&self) -> BrokerId {
        self.identity.id
    }

    /// The settings of the moment, static and dynamic.
    pub fn config(&self) -> Arc<BrokerConfig> {
        Arc::clone(&self.config.read())
    }

    /// The metadata of the moment.
    pub fn image(&self) -> Arc<Image> {
        self.image.load()
    }

    /// Where changes of the metadata are asked for.
    pub fn quorum(&self) -> &Quorum {
        &self.quorum
    }

    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Takes the next image over: called by the quorum's thread, in the order of the metadata log.
    pub fn publish(&self, image: Arc<Image>) {
        self.image.publish(image);
    }
}
