use metadata::{FeatureRange, METADATA_VERSION};

/// The features that this program can work with, and their levels. A feature of Kafka 4.4 whose capability is not built is
/// missing here, so nobody can finalise it.
pub const SUPPORTED_FEATURES: &[(&str, FeatureRange)] = &[
    (METADATA_VERSION, FeatureRange { min: 7, max: 33 }),
    ("kraft.version", FeatureRange { min: 0, max: 1 }),
];
