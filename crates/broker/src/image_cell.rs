use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use metadata::Image;
use parking_lot::RwLock;

/// The metadata image of the moment. Readers keep their own `Arc` and look whether there is a newer one.
#[derive(Debug, Default)]
pub struct ImageCell {
    image: RwLock<Arc<Image>>,
    /// Counts publications.
    number: AtomicU64,
}

impl ImageCell {
    pub fn publish(&self, image: Arc<Image>) {
        *self.image.write() = image;
        self.number.fetch_add(1, Ordering::Release);
    }

    pub fn load(&self) -> Arc<Image> {
        Arc::clone(&self.image.read())
    }

    /// The newest image, by way of a cache of the reader's own: costs one atomic load while nothing changes.
    pub fn refresh(&self, cache: &mut CachedImage) {
        let number = self.number.load(Ordering::Acquire);
        if cache.number != number {
            cache.number = number;
            cache.image = self.load();
        }
    }
}

/// One reader's image.
#[derive(Clone, Debug, Default)]
pub struct CachedImage {
    number: u64,
    pub image: Arc<Image>,
}
