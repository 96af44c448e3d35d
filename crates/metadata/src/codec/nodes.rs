//! Records about brokers and controllers.

use std::collections::BTreeMap;

use wire::Record;
use wire::records::metadata as w;

use super::{Body, CodecError, broker_epoch, broker_id, put, value};
use crate::broker::{
    BrokerRegistration, ControllerRegistration, Endpoint, FeatureRange, SecurityProtocol,
};
use crate::record::{BrokerChange, MetadataRecord};

type Registered = w::RegisterBrokerRecord;
type Changed = w::BrokerRegistrationChangeRecord;

/// Which version of the registration record a metadata.version allows: cordoned directories came with 30,
/// directories with 17, the ZooKeeper mark with 8.
const fn registration_version(metadata_version: i16) -> i16 {
    match metadata_version {
        30.. => 4,
        17.. => 3,
        8.. => 2,
        _ => 1,
    }
}

pub(super) fn encode(
    record: &MetadataRecord,
    metadata_version: i16,
    out: &mut Vec<u8>,
) -> Result<(), CodecError> {
    use MetadataRecord as R;
    match record {
        R::RegisterBroker(broker) => {
            let version = registration_version(metadata_version);
            put(&registered(broker, version), version, out)
        }
        R::UnregisterBroker { id, epoch } => {
            let (broker_id, broker_epoch) = (id.to_wire(), epoch.to_wire());
            put(&w::UnregisterBrokerRecord { broker_id, broker_epoch }, 0, out)
        }
        R::BrokerRegistrationChange(change) => encode_change(change, out),
        R::FenceBroker { id, epoch } => {
            put(&w::FenceBrokerRecord { id: id.to_wire(), epoch: epoch.to_wire() }, 0, out)
        }
        R::UnfenceBroker { id, epoch } => {
            put(&w::UnfenceBrokerRecord { id: id.to_wire(), epoch: epoch.to_wire() }, 0, out)
        }
        R::RegisterController(controller) => encode_controller(controller, out),
        R::UnregisterController { id } => {
            put(&w::UnregisterControllerRecord { controller_id: id.to_wire() }, 0, out)
        }
        // `codec::encode` sends no other here.
        _ => Ok(()),
    }
}

fn registered(broker: &BrokerRegistration, version: i16) -> Registered {
    use w::register_broker_record::{BrokerEndpoint, BrokerFeature};
    let end_points = broker.endpoints.iter().map(|endpoint| BrokerEndpoint {
        name: endpoint.name.clone(),
        host: endpoint.host.clone(),
        port: endpoint.port,
        security_protocol: endpoint.security.to_wire(),
    });
    let features = broker.features.iter().map(|(name, range)| BrokerFeature {
        name: name.clone(),
        min_supported_version: range.min,
        max_supported_version: range.max,
    });
    Registered {
        broker_id: broker.id.to_wire(),
        is_migrating_zk_broker: false,
        incarnation_id: broker.incarnation,
        broker_epoch: broker.epoch.to_wire(),
        end_points: end_points.collect(),
        features: features.collect(),
        rack: broker.rack.clone(),
        fenced: broker.fenced,
        in_controlled_shutdown: broker.in_controlled_shutdown,
        log_dirs: if version >= 3 { broker.log_dirs.clone() } else { Vec::new() },
        cordoned_log_dirs: broker.cordoned_log_dirs.clone().filter(|_| version >= 4),
    }
}

/// In the oldest version that can say it, as Kafka writes it.
fn encode_change(change: &BrokerChange, out: &mut Vec<u8>) -> Result<(), CodecError> {
    let version = if change.cordoned_log_dirs.is_some() {
        3
    } else if change.log_dirs.is_some() {
        2
    } else if change.enters_controlled_shutdown {
        1
    } else {
        0
    };
    let record = Changed {
        broker_id: change.id.to_wire(),
        broker_epoch: change.epoch.to_wire(),
        fenced: change.fenced.map_or(0, |fenced| if fenced { 1 } else { -1 }),
        in_controlled_shutdown: i8::from(change.enters_controlled_shutdown),
        log_dirs: change.log_dirs.clone().unwrap_or_default(),
        cordoned_log_dirs: change.cordoned_log_dirs.clone(),
    };
    put(&record, version, out)
}

fn encode_controller(
    controller: &ControllerRegistration,
    out: &mut Vec<u8>,
) -> Result<(), CodecError> {
    use w::register_controller_record::{ControllerEndpoint, ControllerFeature};
    let end_points = controller.endpoints.iter().map(|endpoint| ControllerEndpoint {
        name: endpoint.name.clone(),
        host: endpoint.host.clone(),
        port: endpoint.port,
        security_protocol: endpoint.security.to_wire(),
    });
    let features = controller.features.iter().map(|(name, range)| ControllerFeature {
        name: name.clone(),
        min_supported_version: range.min,
        max_supported_version: range.max,
    });
    let record = w::RegisterControllerRecord {
        controller_id: controller.id.to_wire(),
        incarnation_id: controller.incarnation,
        zk_migration_ready: controller.zk_migration_ready,
        end_points: end_points.collect(),
        features: features.collect(),
    };
    put(&record, 0, out)
}

/// `None` for a record about something else.
pub(super) fn decode(key: i16, body: &mut Body<'_>) -> Result<Option<MetadataRecord>, CodecError> {
    Ok(Some(match key {
        Registered::KEY => decode_registered(body.read()?)?,
        w::UnregisterBrokerRecord::KEY => {
            type R = w::UnregisterBrokerRecord;
            let record: R = body.read()?;
            let id = broker_id::<R>("BrokerId", record.broker_id)?;
            MetadataRecord::UnregisterBroker { id, epoch: broker_epoch::<R>(record.broker_epoch)? }
        }
        Changed::KEY => decode_change(body.read()?)?,
        w::FenceBrokerRecord::KEY => {
            type R = w::FenceBrokerRecord;
            let record: R = body.read()?;
            let id = broker_id::<R>("Id", record.id)?;
            MetadataRecord::FenceBroker { id, epoch: broker_epoch::<R>(record.epoch)? }
        }
        w::UnfenceBrokerRecord::KEY => {
            type R = w::UnfenceBrokerRecord;
            let record: R = body.read()?;
            let id = broker_id::<R>("Id", record.id)?;
            MetadataRecord::UnfenceBroker { id, epoch: broker_epoch::<R>(record.epoch)? }
        }
        w::RegisterControllerRecord::KEY => decode_controller(body.read()?)?,
        w::UnregisterControllerRecord::KEY => {
            type R = w::UnregisterControllerRecord;
            let record: R = body.read()?;
            let id = broker_id::<R>("ControllerId", record.controller_id)?;
            MetadataRecord::UnregisterController { id }
        }
        _ => return Ok(None),
    }))
}

fn security(record: &'static str, raw: i16) -> Result<SecurityProtocol, CodecError> {
    let field = "SecurityProtocol";
    let error = || CodecError::Value { record, field, value: raw.to_string() };
    SecurityProtocol::from_wire(raw).ok_or_else(error)
}

fn decode_registered(record: Registered) -> Result<MetadataRecord, CodecError> {
    let endpoints = record.end_points.into_iter().map(|endpoint| {
        Ok(Endpoint {
            name: endpoint.name,
            host: endpoint.host,
            port: endpoint.port,
            security: security("RegisterBrokerRecord", endpoint.security_protocol)?,
        })
    });
    let features = record.features.into_iter().map(|feature| {
        let (min, max) = (feature.min_supported_version, feature.max_supported_version);
        (feature.name, FeatureRange { min, max })
    });
    Ok(MetadataRecord::RegisterBroker(BrokerRegistration {
        id: broker_id::<Registered>("BrokerId", record.broker_id)?,
        epoch: broker_epoch::<Registered>(record.broker_epoch)?,
        incarnation: record.incarnation_id,
        endpoints: endpoints.collect::<Result<_, CodecError>>()?,
        features: features.collect::<BTreeMap<_, _>>(),
        rack: record.rack,
        fenced: record.fenced,
        in_controlled_shutdown: record.in_controlled_shutdown,
        log_dirs: record.log_dirs,
        cordoned_log_dirs: record.cordoned_log_dirs,
    }))
}

fn decode_change(record: Changed) -> Result<MetadataRecord, CodecError> {
    let fenced = match record.fenced {
        0 => None,
        1 => Some(true),
        -1 => Some(false),
        other => return Err(value::<Changed>("Fenced", other)),
    };
    let enters_controlled_shutdown = match record.in_controlled_shutdown {
        0 => false,
        1 => true,
        other => return Err(value::<Changed>("InControlledShutdown", other)),
    };
    Ok(MetadataRecord::BrokerRegistrationChange(BrokerChange {
        id: broker_id::<Changed>("BrokerId", record.broker_id)?,
        epoch: broker_epoch::<Changed>(record.broker_epoch)?,
        fenced,
        enters_controlled_shutdown,
        log_dirs: Some(record.log_dirs).filter(|directories| !directories.is_empty()),
        cordoned_log_dirs: record.cordoned_log_dirs,
    }))
}

fn decode_controller(record: w::RegisterControllerRecord) -> Result<MetadataRecord, CodecError> {
    type R = w::RegisterControllerRecord;
    let endpoints = record.end_points.into_iter().map(|endpoint| {
        Ok(Endpoint {
            name: endpoint.name,
            host: endpoint.host,
            port: endpoint.port,
            security: security("RegisterControllerRecord", endpoint.security_protocol)?,
        })
    });
    let features = record.features.into_iter().map(|feature| {
        let (min, max) = (feature.min_supported_version, feature.max_supported_version);
        (feature.name, FeatureRange { min, max })
    });
    Ok(MetadataRecord::RegisterController(ControllerRegistration {
        id: broker_id::<R>("ControllerId", record.controller_id)?,
        incarnation: record.incarnation_id,
        zk_migration_ready: record.zk_migration_ready,
        endpoints: endpoints.collect::<Result<_, CodecError>>()?,
        features: features.collect::<BTreeMap<_, _>>(),
    }))
}
