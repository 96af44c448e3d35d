use std::fs;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{LoadError, Result};

/// A process of this machine, by what `/proc` says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process {
    pid: u32,
}

impl Process {
    pub const fn of(pid: u32) -> Self {
        Self { pid }
    }

    /// The one that listens at this address; `None` if it is another machine's, or a process of somebody else.
    pub fn listening_at(address: SocketAddr) -> Option<Self> {
        if !is_here(address.ip()) {
            return None;
        }
        let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(fs::read_to_string);
        let tables = tables.iter().flatten();
        let sockets: Vec<String> = tables
            .flat_map(|table| table.lines())
            .filter_map(|line| socket_of_listener(line, address.port()))
            .collect();
        let processes = fs::read_dir("/proc").ok()?.flatten();
        let mut pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        pids.find(|pid| holds_one(*pid, &sockets)).map(Self::of)
    }

    pub const fn pid(self) -> u32 {
        self.pid
    }

    fn read(self, file: &str) -> Result<String> {
        fs::read_to_string(format!("/proc/{}/{file}", self.pid))
            .map_err(|source| LoadError::Process { pid: self.pid, source })
    }

    fn malformed(self, what: &'static str) -> LoadError {
        let source = io::Error::new(ErrorKind::InvalidData, what);
        LoadError::Process { pid: self.pid, source }
    }

    /// Time of CPU that it used, user and system, threads that ended included, in steps of 10 ms: differences count.
    pub fn cpu(self) -> Result<Duration> {
        let stat = self.read("stat")?;
        // The program's name may hold spaces, so fields are counted behind it.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let ticks: Vec<u32> =
            fields.skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
        let [user, system] = ticks[..] else { return Err(self.malformed("no times of CPU")) };
        let per_second = u32::try_from(rustix::param::clock_ticks_per_second()).unwrap_or(100);
        Ok(Duration::from_secs(1) * user / per_second
            + Duration::from_secs(1) * system / per_second)
    }

    /// Bytes that are resident.
    pub fn resident_bytes(self) -> Result<u64> {
        self.bytes("VmRSS:")
    }

    /// The most that ever was.
    pub fn peak_resident_bytes(self) -> Result<u64> {
        self.bytes("VmHWM:")
    }

    fn bytes(self, name: &str) -> Result<u64> {
        let status = self.read("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        Ok(kilobytes.ok_or_else(|| self.malformed("no sizes of memory"))? << 10)
    }
}

/// Waits until a broker rests after a load, so that what it left to be done belongs to the load: until it uses less than a
/// twentieth of a core for a second, two seconds at least and `at_most` in the end.
pub fn wait_for_rest<E>(
    mut cpu: impl FnMut() -> std::result::Result<Duration, E>,
    at_most: Duration,
) -> std::result::Result<(), E> {
    const STEP: Duration = Duration::from_millis(1_000);
    let end = Instant::now() + at_most;
    thread::sleep(STEP);
    let mut before = cpu()?;
    loop {
        thread::sleep(STEP);
        let now = cpu()?;
        if now.saturating_sub(before) < STEP / 20 || Instant::now() >= end {
            return Ok(());
        }
        before = now;
    }
}

/// Whether this machine has the address: only then can it be bound.
fn is_here(address: IpAddr) -> bool {
    address.is_loopback() || UdpSocket::bind((address, 0)).is_ok()
}

/// The inode of a listener at `port`, from a line of `/proc/net/tcp`.
fn socket_of_listener(line: &str, port: u16) -> Option<String> {
    const LISTENS: &str = "0A";
    let words: Vec<&str> = line.split_whitespace().collect();
    let (local, state, inode) = (words.get(1)?, words.get(3)?, words.get(9)?);
    let (_, own) = local.rsplit_once(':')?;
    let own = u16::from_str_radix(own, 16).ok()?;
    (*state == LISTENS && own == port).then(|| format!("socket:[{inode}]"))
}

fn holds_one(pid: u32, sockets: &[String]) -> bool {
    let Ok(files) = fs::read_dir(format!("/proc/{pid}/fd")) else { return false };
    files.flatten().any(|file| {
        let target = fs::read_link(file.path()).unwrap_or_default();
        sockets.iter().any(|socket| target.as_os_str() == socket.as_str())
    })
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn the_process_that_listens_is_found_by_its_address() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let own = Process::of(std::process::id());
        assert_eq!(Process::listening_at(address), Some(own));
        drop(listener);
        assert_eq!(Process::listening_at(address), None);
    }

    #[test]
    fn an_address_of_another_machine_has_no_process_here() {
        assert_eq!(Process::listening_at("192.0.2.1:9092".parse().unwrap()), None);
    }

    #[test]
    fn a_process_has_memory_and_its_peak_is_no_less() {
        let own = Process::of(std::process::id());
        let resident = own.resident_bytes().unwrap();
        assert!(resident > 100 << 10);
        assert!(own.peak_resident_bytes().unwrap() >= resident);
        own.cpu().unwrap();
    }
}
