use std::sync::Arc;

use metadata::{BrokerRegistration, Image};
use wire::ErrorCode;
use wire::messages::describe_cluster_response::DescribeClusterBroker;
use wire::messages::{DescribeClusterRequest, DescribeClusterResponse};

use crate::authorized_operations::{CLUSTER, if_asked};
use crate::endpoint::reachable;
use crate::{Broker, Client, ReplyTo, Request};

/// The client wants the endpoints of brokers; 2 would be those of controllers (KIP-919).
const BROKERS: i8 = 1;
const CONTROLLERS: i8 = 2;

pub fn handle(broker: &Arc<Broker>, request: Request<DescribeClusterRequest>, reply: ReplyTo) {
    let Request { message, client, .. } = request;
    let refused = |error: ErrorCode, why: &str| DescribeClusterResponse {
        error_code: error.code(),
        error_message: Some(why.to_owned()),
        ..DescribeClusterResponse::default()
    };
    if message.endpoint_type == CONTROLLERS {
        let why = "the request is for controllers, and this is a broker's listener";
        return reply.send(&refused(ErrorCode::MismatchedEndpointType, why));
    }
    if message.endpoint_type != BROKERS {
        let why = "the type of endpoint is not known";
        return reply.send(&refused(ErrorCode::UnsupportedEndpointType, why));
    }
    let image = broker.image();
    let shown = image.brokers().filter(|other| message.include_fenced_brokers || !other.fenced);
    let brokers: Vec<_> =
        shown.filter_map(|other| describe(broker, &image, other, &client)).collect();
    let own = broker.id().to_wire();
    let mut live = brokers.iter().filter(|other| !other.is_fenced);
    let controller = live.clone().find(|other| other.broker_id == own).or_else(|| live.next());
    reply.send(&DescribeClusterResponse {
        error_message: None,
        cluster_id: broker.identity().cluster_id.clone(),
        controller_id: controller.map_or(-1, |broker| broker.broker_id),
        cluster_authorized_operations: if_asked(
            message.include_cluster_authorized_operations,
            CLUSTER,
        ),
        brokers,
        ..DescribeClusterResponse::default()
    });
}

fn describe(
    broker: &Broker,
    image: &Image,
    other: &BrokerRegistration,
    client: &Client,
) -> Option<DescribeClusterBroker> {
    // A fenced broker is not named to clients otherwise; here its address is what was asked for.
    let at = reachable(broker, image, other.id, client);
    let registered = || other.endpoints.first().map(|at| (at.host.clone(), at.port));
    let (host, port) = match at {
        Some(at) => (at.host, at.port),
        None if other.fenced => registered()?,
        None => return None,
    };
    Some(DescribeClusterBroker {
        broker_id: other.id.to_wire(),
        host,
        port: i32::from(port),
        rack: other.rack.clone(),
        is_fenced: other.fenced,
    })
}
