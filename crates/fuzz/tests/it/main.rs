//! A short run of each target. `cargo xtask fuzz` is the long one.

/// Another seed than that of long runs.
const SEED: u64 = 4;

macro_rules! targets {
    ($($test:ident: $name:literal,)*) => {
        $(#[test]
        fn $test() {
            fuzz::watch();
            let target = fuzz::find($name).unwrap();
            let counts = fuzz::run(target, SEED, target.count);
            let counts = counts.unwrap_or_else(|failure| panic!("{failure}"));
            // A run that takes nothing never gets behind the first check; one that refuses nothing damages nothing.
            assert!(counts.taken >= target.count / 40, "{counts:?}");
            assert!(counts.refused > 0, "{counts:?}");
        })*

        #[test]
        fn every_target_has_a_short_run() {
            let names: Vec<_> = fuzz::TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(names, [$($name),*]);
        }
    };
}

targets! {
    wire: "wire",
    wire_views: "wire-views",
    wire_header: "wire-header",
    batches: "batches",
    validate: "validate",
    decompress: "decompress",
    metadata_record: "metadata-record",
    metadata_image: "metadata-image",
    voters: "voters",
    raft_orders: "raft-orders",
    group_records: "group-records",
    streams_records: "streams-records",
    share_member_records: "share-member-records",
    transaction_records: "transaction-records",
    share_records: "share-records",
    offset_checkpoint: "offset-checkpoint",
    leader_epochs: "leader-epochs",
    partition_metadata: "partition-metadata",
    meta_properties: "meta-properties",
    clean_shutdown: "clean-shutdown",
    producer_snapshot: "producer-snapshot",
    directory_rot: "directory-rot",
    directory_file: "directory-file",
    directory: "directory",
    metadata_rot: "metadata-rot",
    metadata_file: "metadata-file",
    connection: "connection",
    server_properties: "server-properties",
    dump: "dump",
}
