use super::*;

const MB: usize = ARENA_CHUNK_SIZE;

fn arena() -> Arena {
    Arena::new(ARENA_SIZE_MIN)
}

fn filled(writer: &mut ArenaWriter, byte: u8, size: usize) -> ArenaSlice {
    let mut region = writer.region(size, size).unwrap();
    region.spare().fill(byte);
    region.commit(size);
    region.freeze()
}

#[test]
fn frames_of_one_read_are_cut_patched_and_shared_without_moving() {
    let mut writer = arena().writer();
    let mut region = writer.region(16, 64).unwrap();
    assert!(region.extend_from_slice(b"aaaabbbbcc"));
    let mut first = region.split_front(4);
    let mut second = region.split_front(4);
    assert_eq!(region.bytes(), b"cc");
    first.patch(0, b"X");
    second.patch(3, b"Y");
    let early = first.share(0..2);
    first.patch(2, b"Z");
    assert_eq!(&*early, b"Xa");
    assert_eq!(&*first.freeze(), b"XaZa");
    assert_eq!(&*second.freeze(), b"bbbY");
    assert_eq!(region.spare_len(), 54);
}

#[test]
#[should_panic(expected = "start >= self.frozen")]
fn a_shared_byte_cannot_be_patched() {
    let mut writer = arena().writer();
    let mut region = writer.region(16, 16).unwrap();
    assert!(region.extend_from_slice(b"abcd"));
    let _shared = region.share(0..2);
    region.patch(1, b"X");
}

#[test]
fn room_given_back_serves_the_next_region() {
    let mut writer = arena().writer();
    let mut first = writer.region(100, MB).unwrap();
    assert_eq!(first.spare_len(), MB);
    assert!(first.extend_from_slice(&[1; 100]));
    writer.give_back(&mut first);
    assert_eq!(first.spare_len(), 0);
    let second = writer.region(100, MB).unwrap();
    assert_eq!(second.spare_len(), MB - 100);
    assert!(!writer.grow(&mut first, 1), "the second region begins right behind");
}

#[test]
fn a_region_grows_in_place_while_nothing_lies_behind_it() {
    let mut writer = arena().writer();
    let mut region = writer.region(10, 10).unwrap();
    assert!(region.extend_from_slice(&[7; 10]));
    assert!(writer.grow(&mut region, 20));
    assert_eq!(region.spare_len(), 20);
    assert!(!writer.grow(&mut region, MB));
}

#[test]
fn a_frame_longer_than_a_chunk_gets_its_own() {
    let arena = Arena::new(32 * MB);
    let mut writer = arena.writer();
    let region = writer.region(3 * MB + 5, 3 * MB + 5).unwrap();
    assert_eq!(region.spare_len(), 3 * MB + 5);
    assert_eq!(arena.usage().size, 3 * MB + ARENA_LARGE_CHUNK_STEP);
    assert_eq!(writer.region(9 * MB, 9 * MB).unwrap_err(), ArenaFull);
}

#[test]
fn the_chunk_of_a_long_frame_serves_the_next_one_like_it() {
    let arena = Arena::new(8 * MB);
    let mut writer = arena.writer();
    for size in [2 * MB - 9, 2 * MB, 2 * MB - 1, 2 * MB - 70] {
        let mut region = writer.region(size, size).unwrap();
        assert_eq!(region.spare()[0], 0, "fresh");
        region.spare()[0] = 1;
    }
    let mut region = writer.region(2 * MB - 3, 2 * MB - 3).unwrap();
    assert_eq!(region.spare()[0], 1, "used again");
    assert_eq!(arena.usage().size, 8 * MB);
}

#[test]
fn a_place_is_found_until_its_chunk_is_recycled() {
    let arena = arena();
    let mut writer = arena.writer();
    let slice = filled(&mut writer, 1, MB);
    let place = slice.place();
    drop(slice);
    for byte in 2..=4 {
        drop(filled(&mut writer, byte, MB));
    }
    assert_eq!(arena.get(&place).as_deref(), Some(&[1_u8; MB][..]));
    drop(filled(&mut writer, 5, MB));
    assert!(arena.get(&place).is_none());
    assert_eq!(arena.usage().size, ARENA_SIZE_MIN);
}

#[test]
fn the_oldest_chunk_goes_first_and_a_held_one_stays() {
    let arena = arena();
    let mut writer = arena.writer();
    let held = filled(&mut writer, 1, MB);
    let second = filled(&mut writer, 2, MB).place();
    let third = filled(&mut writer, 3, MB).place();
    drop(filled(&mut writer, 4, MB));
    drop(filled(&mut writer, 5, MB));
    assert!(arena.get(&second).is_none());
    assert!(arena.get(&third).is_some());
    assert_eq!(&held[..2], &[1, 1]);
}

#[test]
fn the_bound_is_hard_and_recovers_when_slices_go() {
    let arena = arena();
    let mut writer = arena.writer();
    let held: Vec<_> = (0..4).map(|byte| filled(&mut writer, byte, MB)).collect();
    assert_eq!(writer.region(1, 1).unwrap_err(), ArenaFull);
    assert_eq!(arena.copy_of(b"x").unwrap_err(), ArenaFull);
    assert_eq!(arena.usage().held, 4 * MB);
    drop(held);
    assert!(writer.region(1, 1).is_ok());
}

#[test]
fn what_the_broker_writes_itself_has_a_reserve_beyond_the_bound() {
    let arena = arena();
    let mut writer = arena.writer();
    let held: Vec<_> = (0..4).map(|byte| filled(&mut writer, byte, MB)).collect();
    let mut own = Vec::new();
    while let Ok(region) = arena.reserved_region_of(&[7; 64 << 10]) {
        own.push(region.freeze());
    }
    assert_eq!(own.len(), 16 * ARENA_RESERVE_CHUNK_COUNT, "the reserve has a bound too");
    assert_eq!(writer.region(1, 1).unwrap_err(), ArenaFull, "it is for nobody else");
    drop(held);
    assert!(arena.reserved_region_of(b"x").is_ok());
    assert!(own.iter().all(|slice| slice[..2] == [7, 7]));
    drop(own);
    let again: Vec<_> = (0..3).map(|byte| filled(&mut writer, byte, MB)).collect();
    assert_eq!(again.len(), 3);
    assert_eq!(arena.usage().size, ARENA_SIZE_MIN, "what lies beyond the bound goes first");
}

#[test]
fn idle_memory_goes_back_to_the_system() {
    let arena = arena();
    let mut writer = arena.writer();
    drop(filled(&mut writer, 1, MB));
    drop(filled(&mut writer, 2, MB));
    writer.rest();
    arena.shrink_to(MB);
    assert_eq!(arena.usage().size, MB);
}

#[test]
fn copies_of_many_threads_stay_apart() {
    // A chunk for each thread, and the common one.
    let arena = Arena::new(5 * MB);
    std::thread::scope(|scope| {
        for byte in 0..4_u8 {
            let arena = arena.clone();
            scope.spawn(move || {
                let mut writer = arena.writer();
                for _ in 0..20 {
                    let copy = arena.copy_of(&[byte; 300]).unwrap();
                    let own = filled(&mut writer, byte, 1000);
                    assert!(copy.iter().chain(own.iter()).all(|b| *b == byte));
                }
            });
        }
    });
}

#[test]
fn adjacent_slices_join() {
    let mut writer = arena().writer();
    let mut region = writer.region(8, 8).unwrap();
    assert!(region.extend_from_slice(b"abcdefgh"));
    let (first, second) = (region.share(0..3), region.share(3..5));
    assert_eq!(first.join(&second).as_deref(), Some(&b"abcde"[..]));
    assert!(second.join(&first).is_none());
}

#[test]
fn frames_of_no_further_use_are_room_again() {
    let mut writer = arena().writer();
    let mut region = writer.region(64, 64).unwrap();
    assert!(region.extend_from_slice(b"aaaabbbb"));
    let start = region.bytes().as_ptr();
    let mut freed = region.split_front(4);
    let second = region.split_front(4);
    freed.append(second).unwrap();
    region.reclaim(freed);
    assert_eq!((region.len(), region.spare_len()), (0, 64));
    assert_eq!(region.spare().as_ptr(), start);
    writer.give_back(&mut region);
    assert_eq!(writer.region(64, 64).unwrap().spare().as_ptr(), start, "the next one has it too");
}

#[test]
fn what_was_shared_is_never_room_again() {
    let mut writer = arena().writer();
    let mut region = writer.region(64, 64).unwrap();
    assert!(region.extend_from_slice(b"aaaabbbbcccc"));
    let mut first = region.split_front(4);
    let second = region.split_front(4);
    let shared = first.share(1..2);
    let mut first = first.append(second).unwrap_err();
    assert_eq!(first.bytes(), b"bbbb");
    let third = region.split_front(4);
    let shared_too = first.share(0..4);
    region.reclaim(first);
    assert_eq!(region.spare_len(), 52);
    region.reclaim(third);
    assert_eq!(region.spare_len(), 56, "what lies before is somebody's");
    region.spare().fill(9);
    assert_eq!((&*shared, &*shared_too), (&b"a"[..], &b"bbbb"[..]));
}

#[test]
fn room_for_pages_begins_so_far_behind_a_page() {
    let arena = arena();
    for skip in [0, 1, 4095, 4096, 4097] {
        let mut region = arena.pages(4 * PAGE_SIZE, skip).unwrap();
        assert_eq!(region.spare_len(), 4 * PAGE_SIZE - skip);
        assert_eq!(region.spare().as_ptr().addr() % PAGE_SIZE, skip % PAGE_SIZE);
    }
}
