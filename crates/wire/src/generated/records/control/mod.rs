// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

pub mod aborted_txn;
pub mod control_record_type_schema;
pub mod end_txn_marker;
pub mod k_raft_version_record;
pub mod leader_change_message;
pub mod snapshot_footer_record;
pub mod snapshot_header_record;
pub mod voters_record;

pub use aborted_txn::AbortedTxn;
pub use control_record_type_schema::ControlRecordTypeSchema;
pub use end_txn_marker::EndTxnMarker;
pub use k_raft_version_record::KRaftVersionRecord;
pub use leader_change_message::LeaderChangeMessage;
pub use snapshot_footer_record::SnapshotFooterRecord;
pub use snapshot_header_record::SnapshotHeaderRecord;
pub use voters_record::VotersRecord;
