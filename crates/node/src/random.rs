//! Numbers that differ at each start.

use std::fs::File;
use std::io::{self, Read};

use model::{SeededRandom, Uuid};

/// Seeded by the system.
pub(crate) fn seeded() -> io::Result<SeededRandom> {
    let mut seed = [0; 8];
    File::open("/dev/urandom")?.read_exact(&mut seed)?;
    Ok(SeededRandom::new(u64::from_le_bytes(seed)))
}

/// A random id as Kafka makes them: of version 4, and not beginning with a hyphen, which tools would take for an option.
pub(crate) fn uuid(random: &mut SeededRandom) -> Uuid {
    loop {
        let mut bytes = [0; 16];
        random.fill(&mut bytes);
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let id = Uuid::from_bytes(bytes);
        if !id.to_string().starts_with('-') {
            return id;
        }
    }
}
