/// Loads that are known by name, each the same as in the tables that compare brokers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Preset {
    /// 16 connections with 5 requests in flight, batches of 16 records of 1,000 bytes
    #[value(name = "16x5")]
    Batches,
    /// 32 connections with 5 requests in flight, each a record of 100 bytes
    #[value(name = "32x5")]
    Pipelined,
    /// 32 connections with 1 request in flight, each a record of 100 bytes
    #[value(name = "32x1")]
    OneByOne,
    /// 5,000 requests a second by the clock, each a record of 100 bytes, on 32 connections
    #[value(name = "open")]
    Open,
}

/// What a preset stands for, where nothing else is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) connections: usize,
    pub(super) in_flight: usize,
    /// Requests a second.
    pub(super) rate: Option<u32>,
    pub(super) record_size: usize,
    pub(super) records_per_batch: u64,
    pub(super) partitions: i32,
}

impl Preset {
    pub(super) const fn shape(self) -> Shape {
        let one = Shape {
            connections: 32,
            in_flight: 5,
            rate: None,
            record_size: 100,
            records_per_batch: 1,
            partitions: 16,
        };
        match self {
            Self::Batches => {
                Shape { connections: 16, record_size: 1_000, records_per_batch: 16, ..one }
            }
            Self::Pipelined => one,
            Self::OneByOne => Shape { in_flight: 1, ..one },
            Self::Open => Shape { rate: Some(5_000), ..one },
        }
    }
}
