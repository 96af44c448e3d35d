//! The arena of the server is smaller than what its clients have under way.

use std::io::Write;

use transport::Config;

use crate::harness::*;

const MB: usize = 1 << 20;

/// A request to count `size` bytes, as it goes over the wire.
fn to_count(size: usize) -> Vec<u8> {
    framed(&[(COUNT, &vec![1; size - 1])])
}

#[test]
fn large_frames_that_together_exceed_the_arena_all_arrive() {
    let server = TestServer::start(Config::default());
    let frame = to_count(3 * MB);
    let mut clients: Vec<Client> = (0..40).map(|_| server.connect()).collect();
    for client in &mut clients {
        client.0.write_all(&frame[..MB / 2]).unwrap();
    }
    std::thread::scope(|scope| {
        for client in &mut clients {
            let rest = &frame[MB / 2..];
            scope.spawn(move || client.0.write_all(rest).unwrap());
        }
    });
    for client in &mut clients {
        assert_eq!(client.answer(), (3 * MB).to_string().as_bytes());
    }
}

#[test]
fn half_frames_of_silent_clients_keep_no_memory_from_others() {
    let server = TestServer::start(Config::default());
    let mut silent = Vec::new();
    let mut bystander = server.connect();
    // Each half frame lies in another chunk of the arena, and there are more than it has chunks.
    for _ in 0..100 {
        let mut client = server.connect();
        client.0.write_all(&to_count(200_000)[..100_000]).unwrap();
        silent.push(client);
        bystander.0.write_all(&to_count(900_000)).unwrap();
        assert_eq!(bystander.answer(), b"900000");
    }
    // They were not forgotten.
    for client in &mut silent {
        client.0.write_all(&to_count(200_000)[100_000..]).unwrap();
        assert_eq!(client.answer(), b"200000");
    }
}

#[test]
fn answers_that_nobody_takes_keep_no_memory_from_others() {
    let server = TestServer::start(Config { send_buffer_size: Some(4096), ..Config::default() });
    let mut lazy = Vec::new();
    let body = vec![2; 300_000];
    for _ in 0..200 {
        let mut client = server.connect();
        client.send(&[(SHARED, &body)]);
        lazy.push(client);
        let mut bystander = server.connect();
        bystander.0.write_all(&to_count(900_000)).unwrap();
        assert_eq!(bystander.answer(), b"900000");
    }
    // Who comes back before long gets the answer: most do, since there was room to keep them.
    let kept = lazy.iter_mut().filter_map(|client| client.try_answer());
    let kept: Vec<Vec<u8>> = kept.collect();
    assert!(kept.len() > 30, "{}", kept.len());
    assert!(kept.iter().all(|answer| answer.len() == body.len() + 3));
}
