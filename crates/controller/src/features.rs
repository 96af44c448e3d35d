use std::collections::BTreeMap;

use metadata::{FeatureRange, METADATA_VERSION, MetadataRecord};

use crate::controller::Controller;
use crate::operation::{Context, Decision, Operation};
use crate::refusal::Refusal;

/// The feature whose level lives in control records of the log and not in the metadata.
const KRAFT_VERSION: &str = "kraft.version";

/// Which way a level may move (KIP-584).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeatureMove {
    Upgrade,
    /// Down, if no metadata is lost by it.
    SafeDowngrade,
    /// Down, whatever is lost.
    UnsafeDowngrade,
}

/// Raises and lowers finalised features: all of them or none.
#[derive(Clone, Debug)]
pub struct UpdateFeatures {
    pub updates: Vec<FeatureUpdate>,
    /// What this controller can work with.
    pub supported: BTreeMap<String, FeatureRange>,
    pub validate_only: bool,
}

/// One feature and the level it shall have; 0 takes it away.
#[derive(Clone, Debug)]
pub struct FeatureUpdate {
    pub name: String,
    pub level: i16,
    pub direction: FeatureMove,
}

impl Operation for UpdateFeatures {
    type Reply = Result<(), Refusal>;

    fn decide(&self, controller: &Controller, _: &mut Context<'_>) -> Decision<Self::Reply> {
        let mut records = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for update in &self.updates {
            if seen.contains(&update.name.as_str()) {
                let why = format!("feature {} is named more than once", update.name);
                return Decision::nothing(Err(Refusal::InvalidRequest(why)));
            }
            seen.push(&update.name);
            match self.decide_one(controller, update) {
                Ok(record) => records.extend(record),
                Err(refusal) => return Decision::nothing(Err(refusal)),
            }
        }
        if self.validate_only {
            records.clear();
        }
        Decision { records, reply: Ok(()) }
    }
}

impl UpdateFeatures {
    fn decide_one(
        &self,
        controller: &Controller,
        update: &FeatureUpdate,
    ) -> Result<Option<MetadataRecord>, Refusal> {
        let FeatureUpdate { name, level, direction } = update;
        let (name, level) = (name.as_str(), *level);
        let refuse = |why: String| {
            Refusal::InvalidUpdateVersion(format!(
                "invalid update version {level} for {name}: {why}"
            ))
        };
        if level < 0 {
            return Err(refuse("a level is not negative".to_owned()));
        }
        if name == KRAFT_VERSION {
            return Err(refuse(
                "the quorum's own level is set when storage is formatted".to_owned(),
            ));
        }
        let Some(range) = self.supported.get(name) else {
            return Err(refuse("the controller does not know this feature".to_owned()));
        };
        if level != 0 && !range.contains(level) {
            let FeatureRange { min, max } = *range;
            return Err(refuse(format!("the controller supports {min} to {max}")));
        }
        let others = controller.image().brokers();
        if let Some(broker) = others.into_iter().find(|broker| {
            let range = broker.features.get(name).copied();
            level != 0 && !range.is_some_and(|range| range.contains(level))
        }) {
            return Err(refuse(format!("broker {} does not support it", broker.id)));
        }
        let current = controller.image().feature(name);
        if level < current && *direction == FeatureMove::Upgrade {
            return Err(refuse(format!("it is at {current}, and a downgrade was not asked for")));
        }
        if level > current && *direction != FeatureMove::Upgrade {
            return Err(refuse(format!("it is at {current}, and a downgrade was asked for")));
        }
        if name == METADATA_VERSION && level < current {
            // Whether metadata would be lost cannot be told yet, and losing it silently is no option.
            return Err(refuse("metadata.version cannot be lowered".to_owned()));
        }
        let record = MetadataRecord::FeatureLevel { name: name.to_owned(), level };
        Ok((level != current).then_some(record))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::World;

    fn update(
        world: &mut World,
        name: &str,
        level: i16,
        direction: FeatureMove,
    ) -> Result<(), Refusal> {
        let updates = vec![FeatureUpdate { name: name.to_owned(), level, direction }];
        let supported = [
            ("metadata.version".to_owned(), FeatureRange { min: 7, max: 33 }),
            ("group.version".to_owned(), FeatureRange { min: 0, max: 1 }),
        ];
        let supported = supported.into();
        world.reply(&UpdateFeatures { updates, supported, validate_only: false })
    }

    #[test]
    fn a_level_moves_only_as_far_as_every_broker_follows() {
        let mut world = World::new(1);
        let up = FeatureMove::Upgrade;
        let invalid = |result| assert!(matches!(result, Err(Refusal::InvalidUpdateVersion(_))));
        invalid(update(&mut world, "group.version", 1, up));
        invalid(update(&mut world, "group.version", 2, up));
        invalid(update(&mut world, "other.version", 1, up));
        invalid(update(&mut world, "metadata.version", 34, up));
        invalid(update(&mut world, "metadata.version", 20, FeatureMove::SafeDowngrade));
        assert_eq!(update(&mut world, "metadata.version", 33, up), Ok(()));
    }

    #[test]
    fn a_level_goes_up_and_down_only_in_the_direction_asked_for() {
        let mut world = World::new(0);
        assert_eq!(update(&mut world, "group.version", 1, FeatureMove::Upgrade), Ok(()));
        assert_eq!(world.controller.image().feature("group.version"), 1);
        assert!(update(&mut world, "group.version", 0, FeatureMove::Upgrade).is_err());
        assert_eq!(update(&mut world, "group.version", 0, FeatureMove::SafeDowngrade), Ok(()));
        assert_eq!(world.controller.image().feature("group.version"), 0);
    }
}
