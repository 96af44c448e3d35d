use std::collections::BTreeMap;

use metadata::{ControllerRegistration, Endpoint, FeatureRange, MetadataRecord};
use model::{BrokerId, Uuid};

use crate::controller::Controller;
use crate::operation::{Context, Decision, Operation};

/// The first thing that a new active controller does.
///
/// In an empty log it writes the records that formatting left behind, as one transaction; in any other it aborts a
/// transaction that its predecessor did not end.
#[derive(Clone, Debug)]
pub struct Activate {
    /// Whether the log holds no metadata record yet.
    pub is_log_empty: bool,
    pub bootstrap: Vec<MetadataRecord>,
}

impl Operation for Activate {
    type Reply = ();

    fn decide(&self, controller: &Controller, _: &mut Context<'_>) -> Decision<()> {
        let mut records = Vec::new();
        if controller.image().is_in_transaction() {
            let reason = Some("a new controller became active".to_owned());
            records.push(MetadataRecord::AbortTransaction { reason });
        }
        if self.is_log_empty {
            let name = Some("Bootstrap records".to_owned());
            records.push(MetadataRecord::BeginTransaction { name });
            records.extend(self.bootstrap.iter().cloned());
            records.push(MetadataRecord::EndTransaction);
        }
        Decision { records, reply: () }
    }
}

/// A controller makes itself known (KIP-919).
#[derive(Clone, Debug)]
pub struct RegisterController {
    pub id: BrokerId,
    pub incarnation: Uuid,
    pub endpoints: Vec<Endpoint>,
    pub features: BTreeMap<String, FeatureRange>,
}

impl Operation for RegisterController {
    type Reply = ();

    fn decide(&self, _: &Controller, _: &mut Context<'_>) -> Decision<()> {
        let record = MetadataRecord::RegisterController(ControllerRegistration {
            id: self.id,
            incarnation: self.incarnation,
            zk_migration_ready: false,
            endpoints: self.endpoints.clone(),
            features: self.features.clone(),
        });
        Decision { records: vec![record], reply: () }
    }
}
