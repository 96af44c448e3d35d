//! The APIs that this broker serves. One line in the table makes an API served and advertised.

pub mod api_versions;
pub mod delete_groups;
pub mod describe_groups;
pub mod find_coordinator;
pub mod heartbeat;
pub mod join_group;
pub mod leave_group;
pub mod list_groups;
pub mod offset_commit;
pub mod offset_delete;
pub mod offset_fetch;
pub mod sync_group;

use std::sync::Arc;

use bytes::Bytes;
use wire::{ApiKey, DecodeError, Message, Reader, messages};

use crate::limits::DECODED_SIZE_MAX;
use crate::{Broker, Client, ReplyTo, Request};

/// Hands a request to its API: `Key: Message => handler`.
macro_rules! apis {
    ($($key:ident: $request:ident => $handler:path;)*) => {
        /// The APIs of the table below.
        const TABLE: &[ApiKey] = &[$(ApiKey::$key),*];

        /// Decodes the body and calls the API's handler; `None` when the API is not in the table.
        pub(crate) fn call(
            broker: &Arc<Broker>,
            key: ApiKey,
            version: i16,
            body: &Bytes,
            client: Client,
            reply: impl FnOnce() -> ReplyTo,
        ) -> Option<Result<(), DecodeError>> {
            match key {
                $(ApiKey::$key => Some(decode(body, version).map(
                    |message: messages::$request| {
                        $handler(broker, Request { version, message, client }, reply());
                    },
                )),)*
                _ => None,
            }
        }
    };
}

apis! {
    DeleteGroups: DeleteGroupsRequest => delete_groups::handle;
    DescribeGroups: DescribeGroupsRequest => describe_groups::handle;
    FindCoordinator: FindCoordinatorRequest => find_coordinator::handle;
    Heartbeat: HeartbeatRequest => heartbeat::handle;
    JoinGroup: JoinGroupRequest => join_group::handle;
    LeaveGroup: LeaveGroupRequest => leave_group::handle;
    ListGroups: ListGroupsRequest => list_groups::handle;
    OffsetCommit: OffsetCommitRequest => offset_commit::handle;
    OffsetDelete: OffsetDeleteRequest => offset_delete::handle;
    OffsetFetch: OffsetFetchRequest => offset_fetch::handle;
    SyncGroup: SyncGroupRequest => sync_group::handle;
    ApiVersions: ApiVersionsRequest => api_versions::handle;
}

/// The APIs that the loops serve in place, from bytes in the frame.
const HOT: [ApiKey; 2] = [ApiKey::Produce, ApiKey::Fetch];

/// Every API that is served, in the order of keys.
pub fn served() -> Vec<ApiKey> {
    let mut served = [TABLE, &HOT].concat();
    served.sort();
    served
}

fn decode<M: Message>(body: &Bytes, version: i16) -> Result<M, DecodeError> {
    let mut input = Reader::shared(body);
    input.limit_memory(DECODED_SIZE_MAX);
    let message = M::decode(&mut input, version)?;
    // Bytes after the last field are ignored, as Kafka does.
    Ok(message)
}

/// Whether a broker listener takes this version of an API. Produce says more than it takes, see
/// [`ApiKey::advertised_versions`].
pub(crate) fn takes(key: ApiKey, version: i16) -> bool {
    (TABLE.contains(&key) || HOT.contains(&key)) && key.stable_versions().contains(version)
}
