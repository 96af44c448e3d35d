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

    /// Brings a reader's own image up to date; whether there was a newer one. Costs one atomic load while nothing
    /// changes.
    pub(crate) fn refresh(&self, cache: &mut CachedImage) -> bool {
        let number = self.number.load(Ordering::Acquire);
        if cache.number == number {
            return false;
        }
        cache.number = number;
        cache.image = self.load();
        true
    }
}

/// One reader's image.
#[derive(Clone, Debug, Default)]
pub(crate) struct CachedImage {
    number: u64,
    pub(crate) image: Arc<Image>,
}

impl CachedImage {
    /// Counts publications.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }
}
