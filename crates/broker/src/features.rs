use std::collections::BTreeMap;

use metadata::{ELR_VERSION, FeatureRange, Image, METADATA_VERSION};

use crate::shares::SHARE_VERSION;
use crate::transactions::TRANSACTION_VERSION;

/// The feature under which consumer groups are served (KIP-848).
pub(crate) const GROUP_VERSION: &str = "group.version";

/// The feature under which streams groups are served (KIP-1071).
pub(crate) const STREAMS_VERSION: &str = "streams.version";

/// The levels that a new cluster begins with, beside that of the quorum's own rules.
pub fn new_features() -> Vec<(String, i16)> {
    let named = SUPPORTED_FEATURES.iter().filter(|(name, _)| *name != "kraft.version");
    named.map(|(name, range)| ((*name).to_owned(), range.max)).collect()
}

/// The features that this program has, and their levels. A feature of Kafka 4.4 whose capability is not built is missing
/// here, so nobody can raise it.
pub const SUPPORTED_FEATURES: &[(&str, FeatureRange)] = &[
    (METADATA_VERSION, FeatureRange { min: 7, max: 33 }),
    ("kraft.version", FeatureRange { min: 0, max: 1 }),
    (TRANSACTION_VERSION, FeatureRange { min: 0, max: 2 }),
    (GROUP_VERSION, FeatureRange { min: 0, max: 1 }),
    (SHARE_VERSION, FeatureRange { min: 0, max: 2 }),
    (STREAMS_VERSION, FeatureRange { min: 0, max: 1 }),
];

/// Features that Apache Kafka finalises in a new directory, and whose capability is not built. A directory that has them is
/// worked with: their level lets clients use APIs, which are not advertised here, and the records that they left are kept
/// as they lie (docs/adr/0005).
pub const KEPT_FEATURES: &[(&str, FeatureRange)] =
    &[(ELR_VERSION, FeatureRange { min: 0, max: 1 })];

/// All levels with which a node of this program can be in a cluster: what it registers with.
pub fn workable_features() -> BTreeMap<String, FeatureRange> {
    let all = SUPPORTED_FEATURES.iter().chain(KEPT_FEATURES);
    all.map(|(name, range)| ((*name).to_owned(), *range)).collect()
}

/// The levels that can be chosen here: a feature that is only kept goes no higher than it is.
pub(crate) fn choosable_features(image: &Image) -> BTreeMap<String, FeatureRange> {
    let mut all = workable_features();
    for (name, _) in KEPT_FEATURES {
        match image.feature(name) {
            0 => _ = all.remove(*name),
            level => _ = all.insert((*name).to_owned(), FeatureRange { min: 0, max: level }),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use metadata::MetadataRecord;

    use super::*;

    #[test]
    fn a_kept_feature_can_be_lowered_and_not_raised() {
        let mut image = Image::default();
        let of = |image: &Image, name: &str| choosable_features(image).get(name).copied();
        assert_eq!(of(&image, "eligible.leader.replicas.version"), None);
        let name = "eligible.leader.replicas.version".to_owned();
        image.replay(&MetadataRecord::FeatureLevel { name, level: 1 }).unwrap();
        assert_eq!(
            of(&image, "eligible.leader.replicas.version"),
            Some(FeatureRange { min: 0, max: 1 })
        );
        assert_eq!(of(&image, TRANSACTION_VERSION), Some(FeatureRange { min: 0, max: 2 }));
        assert_eq!(of(&image, "metadata.version"), Some(FeatureRange { min: 7, max: 33 }));
    }
}
