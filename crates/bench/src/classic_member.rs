//! A member of a classic group, whose leader gives everybody a few bytes: what is left is the broker's part.

use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use testkit::Failed;
use testkit::compare::Side;
use wire::ErrorCode;
use wire::messages::join_group_request::JoinGroupRequestProtocol;
use wire::messages::leave_group_request::MemberIdentity;
use wire::messages::sync_group_request::SyncGroupRequestAssignment;
use wire::messages::{
    HeartbeatRequest, JoinGroupRequest, JoinGroupResponse, LeaveGroupRequest, SyncGroupRequest,
};

use crate::requests::is_coming;

const PROTOCOL_TYPE: &str = "consumer";
const PROTOCOL: &str = "range";
/// As Kafka's own client by default.
pub(crate) const INTERVAL: Duration = Duration::from_millis(3_000);
/// Until a coordinator must have read what it has of the group.
const PATIENCE: Duration = Duration::from_secs(30);
const SESSION_TIMEOUT_MS: i32 = 45_000;
const REBALANCE_TIMEOUT_MS: i32 = 300_000;
/// What each is given, of about the size of ten partitions of one topic.
const ASSIGNMENT: [u8; 80] = [7; 80];

pub(crate) struct Member {
    group: String,
    id: String,
    generation: i32,
}

/// What a heartbeat found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beat {
    Stable,
    Rebalance,
}

impl Member {
    pub(crate) fn new(group: &str) -> Self {
        Self { group: group.to_owned(), id: String::new(), generation: -1 }
    }

    /// Joins and is given its part; gives the generation.
    pub(crate) fn join(&mut self, side: &mut Side) -> Result<i32, Failed> {
        loop {
            let joined = self.joined(side)?;
            self.generation = joined.generation_id;
            if self.sync(side, &joined)? {
                return Ok(self.generation);
            }
        }
    }

    fn joined(&mut self, side: &mut Side) -> Result<JoinGroupResponse, Failed> {
        let end = Instant::now() + PATIENCE;
        loop {
            let protocol = JoinGroupRequestProtocol {
                name: PROTOCOL.into(),
                metadata: Bytes::from_static(&[0; 40]),
            };
            let request = JoinGroupRequest {
                group_id: self.group.clone(),
                session_timeout_ms: SESSION_TIMEOUT_MS,
                rebalance_timeout_ms: REBALANCE_TIMEOUT_MS,
                member_id: self.id.clone(),
                protocol_type: PROTOCOL_TYPE.into(),
                protocols: vec![protocol],
                ..JoinGroupRequest::default()
            };
            let answer = side.call(&request, 9)?.ok_or_else(|| self.failed("JoinGroup", None))?;
            self.id.clone_from(&answer.member_id);
            match ErrorCode::from_code(answer.error_code) {
                Some(ErrorCode::None) => return Ok(answer),
                // The id that it was given is to be said again.
                Some(ErrorCode::MemberIdRequired) => {}
                _ if is_coming(answer.error_code) && Instant::now() < end => {
                    thread::sleep(Duration::from_millis(20));
                }
                _ => return Err(self.failed("JoinGroup", Some(answer.error_code))),
            }
        }
    }

    /// Whether there was something to be given: not if the next rebalance has begun meanwhile.
    fn sync(&self, side: &mut Side, joined: &JoinGroupResponse) -> Result<bool, Failed> {
        let assignment = |member_id: &String| SyncGroupRequestAssignment {
            member_id: member_id.clone(),
            assignment: Bytes::from_static(&ASSIGNMENT),
        };
        let members = joined.members.iter().map(|member| &member.member_id);
        let request = SyncGroupRequest {
            group_id: self.group.clone(),
            generation_id: self.generation,
            member_id: self.id.clone(),
            protocol_type: Some(PROTOCOL_TYPE.into()),
            protocol_name: Some(PROTOCOL.into()),
            assignments: members.map(assignment).collect(),
            ..SyncGroupRequest::default()
        };
        let answer = side.call(&request, 5)?.ok_or_else(|| self.failed("SyncGroup", None))?;
        match ErrorCode::from_code(answer.error_code) {
            Some(ErrorCode::None) if answer.assignment[..] == ASSIGNMENT[..] => Ok(true),
            Some(ErrorCode::RebalanceInProgress) => Ok(false),
            _ => Err(self.failed("SyncGroup", Some(answer.error_code))),
        }
    }

    pub(crate) fn beat(&self, side: &mut Side) -> Result<Beat, Failed> {
        let request = HeartbeatRequest {
            group_id: self.group.clone(),
            generation_id: self.generation,
            member_id: self.id.clone(),
            ..HeartbeatRequest::default()
        };
        let answer = side.call(&request, 4)?.ok_or_else(|| self.failed("Heartbeat", None))?;
        match ErrorCode::from_code(answer.error_code) {
            Some(ErrorCode::None) => Ok(Beat::Stable),
            Some(ErrorCode::RebalanceInProgress) => Ok(Beat::Rebalance),
            _ => Err(self.failed("Heartbeat", Some(answer.error_code))),
        }
    }

    pub(crate) fn leave(&self, side: &mut Side) -> Result<(), Failed> {
        let request = LeaveGroupRequest {
            group_id: self.group.clone(),
            members: vec![MemberIdentity {
                member_id: self.id.clone(),
                ..MemberIdentity::default()
            }],
            ..LeaveGroupRequest::default()
        };
        let answer = side.call(&request, 5)?.ok_or_else(|| self.failed("LeaveGroup", None))?;
        match answer.error_code {
            0 => Ok(()),
            code => Err(self.failed("LeaveGroup", Some(code))),
        }
    }

    fn failed(&self, what: &str, code: Option<i16>) -> Failed {
        let code = code.map_or_else(|| "no answer".into(), |code| format!("code {code}"));
        Failed(format!("{what} of a member of {}: {code}", self.group))
    }
}
