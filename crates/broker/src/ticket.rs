use transport::SlabKey;

/// Who waits for the answer of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ticket {
    /// One partition's part of a produce request that a loop keeps.
    Produce(ProduceTicket),
    /// An append by this broker itself; the key finds who is to be called.
    Own(SlabKey),
    /// Nobody: the answer comes back in the step's output.
    Nobody,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProduceTicket {
    /// The loop that keeps the request.
    pub(crate) home: u16,
    /// Place of the partition among those of the request.
    pub(crate) part: u32,
    pub(crate) request: SlabKey,
}

/// In place of a loop's number: the fetch is a member's of a share group.
pub(crate) const SHARE_HOME: u16 = u16::MAX;

/// A fetch that waits on a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FetchTicket {
    pub(crate) home: u16,
    /// Place of the partition among those of the fetch.
    pub(crate) part: u32,
    pub(crate) fetch: SlabKey,
}
