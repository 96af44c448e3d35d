use std::sync::Arc;

use controller::{FeatureMove, FeatureUpdate, UpdateFeatures};
use wire::ErrorCode;
use wire::messages::update_features_request::FeatureUpdateKey;
use wire::messages::update_features_response::UpdatableFeatureResult;
use wire::messages::{UpdateFeaturesRequest, UpdateFeaturesResponse};

use crate::features::choosable_features;
use crate::outcome::Outcome;
use crate::{Broker, ReplyTo, Request};

/// From this version on a request says how it means a lower level.
const MOVE_VERSION_MIN: i16 = 1;
/// Up to here an answer has a result for each feature.
const RESULTS_VERSION_MAX: i16 = 1;

/// Raises and lowers finalised features, all or none (KIP-584).
pub fn handle(broker: &Arc<Broker>, request: Request<UpdateFeaturesRequest>, reply: ReplyTo) {
    let Request { version, message, .. } = request;
    let names: Vec<String> =
        message.feature_updates.iter().map(|key| key.feature.clone()).collect();
    let updates = message.feature_updates.into_iter().map(|key| update(key, version));
    let Some(updates) = updates.collect() else {
        let why = "the direction of an update is not known";
        return reply.send(&response(
            names,
            Outcome::error(ErrorCode::InvalidRequest, why),
            version,
        ));
    };
    let supported = choosable_features(&broker.image());
    let validate_only = message.validate_only;
    let operation = UpdateFeatures { updates, supported, validate_only };
    broker.quorum().submit(operation, move |updated| {
        let outcome = match updated {
            Ok(result) => Outcome::of(&result),
            Err(why) => Outcome::unavailable(why),
        };
        reply.send(&response(names, outcome, version));
    });
}

fn update(key: FeatureUpdateKey, version: i16) -> Option<FeatureUpdate> {
    let direction = if version < MOVE_VERSION_MIN {
        if key.allow_downgrade { FeatureMove::SafeDowngrade } else { FeatureMove::Upgrade }
    } else {
        match key.upgrade_type {
            1 => FeatureMove::Upgrade,
            2 => FeatureMove::SafeDowngrade,
            3 => FeatureMove::UnsafeDowngrade,
            _ => return None,
        }
    };
    Some(FeatureUpdate { name: key.feature, level: key.max_version_level, direction })
}

fn response(names: Vec<String>, outcome: Outcome, version: i16) -> UpdateFeaturesResponse {
    if version > RESULTS_VERSION_MAX {
        let (error_code, error_message) = (outcome.code, outcome.message);
        let default = UpdateFeaturesResponse::default();
        return UpdateFeaturesResponse { error_code, error_message, ..default };
    }
    let results = names.into_iter().map(|feature| UpdatableFeatureResult {
        feature,
        error_code: outcome.code,
        error_message: outcome.message.clone(),
    });
    let results = results.collect();
    UpdateFeaturesResponse { results, error_message: None, ..UpdateFeaturesResponse::default() }
}
