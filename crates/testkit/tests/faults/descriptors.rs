//! A process that may open few files: its logs get theirs, however many clients connect.

use std::net::TcpStream;

use testkit::Ottla;

use crate::client::{Client, NONE, batch, others_are_served};
use crate::network::connect;

/// Connections that come on top are completed by the kernel and wait in the backlog.
const CONNECTION_COUNT: usize = 180;
const TOPIC_COUNT: usize = 100;

#[test]
fn connections_take_no_file_that_the_log_needs() {
    let limit = ["prlimit", "--nofile=256:256"];
    let ottla = Ottla::start_through(&limit, None, &["num.partitions=1"]).expect("start");
    let mut client = Client::new(&ottla.bootstrap());
    let topics: Vec<String> = (0..TOPIC_COUNT).map(|_| client.create("few", &[])).collect();
    let crowd: Vec<TcpStream> =
        (0..CONNECTION_COUNT).map(|_| connect(&ottla.bootstrap())).collect();
    // The second round finds the segments of the first drained and closed.
    for value in ["first", "second"] {
        let large = value.repeat(20_000);
        for topic in &topics {
            assert_eq!(client.produce_code(topic, batch(&[&large], None)), NONE);
        }
    }
    for topic in &topics {
        assert_eq!(
            client.read(topic).expect("read").len(),
            3,
            "with the one that found the leader"
        );
    }
    drop(crowd);
    others_are_served(&ottla.bootstrap());
}
