use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use model::{SeededRandom, Uuid};
use wire::messages::produce_response::PartitionProduceResponse;
use wire::messages::{FetchRequestView, ProduceRequest, ProduceRequestView};
use wire::schema::{find, random_bytes};
use wire::{ApiKey, Message, ProduceResponseWriter, RequestHeader, RequestHeaderView};

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

#[allow(unsafe_code, reason = "only an allocator can count allocations")]
// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the allocator's contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the allocator's contract.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.with(Cell::get);
    work();
    ALLOCATIONS.with(Cell::get) - before
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![1_u8]))), 1);
}

#[test]
fn reading_a_produce_request_as_a_view_allocates_nothing() {
    let schema = find(ProduceRequest::NAME).unwrap();
    let mut random = SeededRandom::new(11);
    let mut size = 0;
    for version in ProduceRequest::VERSIONS.iter().cycle().take(200) {
        let mut frame = Vec::new();
        let header = RequestHeader {
            api_key: ApiKey::Produce.code(),
            api_version: version,
            correlation_id: 1,
            client_id: Some("client".to_owned()),
        };
        header.encode(&mut frame, ApiKey::Produce.request_header_version(version)).unwrap();
        frame.extend(random_bytes(schema, version, &mut random));
        let count = allocations(|| {
            let (header, body) = RequestHeaderView::parse(&frame).unwrap();
            let request = ProduceRequestView::parse(body, header.api_version).unwrap();
            for topic in request.topic_data {
                for partition in topic.partition_data {
                    size += partition.records.map_or(0, <[u8]>::len);
                }
            }
        });
        assert_eq!(count, 0);
    }
    assert!(size > 1000);
}

#[test]
fn reading_a_fetch_request_as_a_view_allocates_nothing() {
    let schema = find("FetchRequest").unwrap();
    let mut random = SeededRandom::new(12);
    let mut partitions = 0;
    for version in schema.versions.iter().cycle().take(200) {
        let body = random_bytes(schema, version, &mut random);
        let count = allocations(|| {
            let request = FetchRequestView::parse(&body, version).unwrap();
            partitions += request.topics.iter().map(|topic| topic.partitions.len()).sum::<usize>();
        });
        assert_eq!(count, 0);
    }
    assert!(partitions > 100);
}

#[test]
fn writing_a_produce_response_into_a_recycled_buffer_allocates_nothing() {
    let mut out = Vec::with_capacity(1000);
    for version in [9, 13] {
        let count = allocations(|| {
            out.clear();
            let mut writer = ProduceResponseWriter::begin(&mut out, version, 1).unwrap();
            writer.topic("topic", Uuid::ONE, 1).unwrap();
            let partition = PartitionProduceResponse { base_offset: 7, ..Default::default() };
            writer.partition(&partition).unwrap();
            writer.finish(0, &[]).unwrap();
        });
        assert!(out.len() > 30);
        assert_eq!(count, 0);
    }
}
