//! One TCP connection: requests go out in order, answers come back in that order, any number in between.

use std::collections::VecDeque;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::AbortHandle;
use tokio::time::Instant;
use wire::messages::ApiVersionsResponse;
use wire::{ApiKey, ErrorCode, Message, Reader, Request, RequestHeader};

use crate::error_map::Refused;
use crate::limits::{ANSWER_SIZE_MAX, CONNECTION_IN_FLIGHT_MAX, WRITE_COALESCED_MAX};
use crate::{ApiVersions, ClientConfig, ClientError, Result, ServerAddress};

type Reply = oneshot::Sender<Result<Bytes>>;

/// An open connection whose versions are agreed on. Cloning gives another handle; the last one closes it.
#[derive(Clone, Debug)]
pub struct Connection {
    inner: Arc<Inner>,
    versions: Arc<ApiVersions>,
}

#[derive(Debug)]
struct Inner {
    address: ServerAddress,
    client_id: String,
    request_timeout: Duration,
    next_correlation: AtomicI32,
    outgoing: mpsc::Sender<Outgoing>,
    state: Arc<State>,
    tasks: [AbortHandle; 2],
}

/// Whom a connection is meant for. A broker that is another refuses it (KIP-1242).
#[derive(Clone, Debug, Default)]
pub(crate) struct Peer {
    pub(crate) cluster_id: Option<String>,
    pub(crate) broker: Option<i32>,
}

#[derive(Debug)]
struct State {
    closed: AtomicBool,
    unanswered: Mutex<VecDeque<Unanswered>>,
    /// Told when `closed` is set.
    ended: Notify,
    opened: Instant,
    /// Milliseconds from `opened` to the last request.
    used: AtomicU64,
}

#[derive(Debug)]
struct Unanswered {
    correlation: i32,
    reply: Reply,
}

#[derive(Debug)]
struct Outgoing {
    frame: Vec<u8>,
    /// `None` when no answer will come.
    unanswered: Option<Unanswered>,
    /// Told when the frame was handed to the system.
    written: Option<oneshot::Sender<()>>,
}

/// The answer to a request that was sent. Dropping it drops the answer when it comes, not the request.
#[derive(Debug)]
pub struct PendingAnswer<R> {
    receiver: oneshot::Receiver<Result<Bytes>>,
    address: ServerAddress,
    api: ApiKey,
    version: i16,
    response: PhantomData<fn() -> R>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Connection {
    /// Connects and agrees on versions. Dropping the future closes what was opened.
    pub async fn open(address: &ServerAddress, config: &ClientConfig) -> Result<Self> {
        Self::open_as(address, config, &Peer::default(), config.connect_timeout).await
    }

    /// Connects to whom `peer` says, within `timeout`.
    pub(crate) async fn open_as(
        address: &ServerAddress,
        config: &ClientConfig,
        peer: &Peer,
        timeout: Duration,
    ) -> Result<Self> {
        let connect =
            |source| ClientError::Connect { address: address.clone(), source: Arc::new(source) };
        let late = |_| connect(std::io::ErrorKind::TimedOut.into());
        let stream = tokio::time::timeout(timeout, connect_any(address, config))
            .await
            .map_err(late)?
            .map_err(connect)?;
        stream.set_nodelay(true).map_err(connect)?;
        let (read, write) = stream.into_split();
        let (outgoing, queue) = mpsc::channel(CONNECTION_IN_FLIGHT_MAX);
        let state = Arc::new(State::new());
        let writer = tokio::spawn(write_frames(write, queue, address.clone(), Arc::clone(&state)));
        let reader = FrameReader {
            socket: read,
            address: address.clone(),
            state: Arc::clone(&state),
            idle_max: config.idle_max,
        };
        let reader = tokio::spawn(reader.run());
        let inner = Inner {
            address: address.clone(),
            client_id: config.client_id.clone(),
            request_timeout: config.request_timeout,
            next_correlation: AtomicI32::new(0),
            outgoing,
            state,
            tasks: [writer.abort_handle(), reader.abort_handle()],
        };
        let mut connection = Self { inner: Arc::new(inner), versions: Arc::default() };
        connection.versions = Arc::new(connection.agree(peer).await?);
        Ok(connection)
    }

    async fn agree(&self, peer: &Peer) -> Result<ApiVersions> {
        let version = ApiVersions::first_request_version();
        let mut response = self.ask_versions(version, peer).await?;
        if response.error_code == ErrorCode::UnsupportedVersion.code() {
            let version = ApiVersions::second_request_version(&response);
            response = self.ask_versions(version, peer).await?;
        }
        if response.error_code == ErrorCode::RebootstrapRequired.code() {
            return Err(ClientError::Misrouted { address: self.address().clone() });
        }
        let subject = || format!("ApiVersions at {}", self.address());
        Refused::check(response.error_code, subject, None)?;
        Ok(ApiVersions::new(&response))
    }

    async fn ask_versions(&self, version: i16, peer: &Peer) -> Result<ApiVersionsResponse> {
        let pending = self.send_at(&ApiVersions::request(peer), version).await?;
        let (api, after) = (ApiKey::ApiVersions, self.inner.request_timeout);
        let body = self.wait_for(pending.receiver, api, after).await?;
        // A server that does not know the version says so in the oldest one (KIP-511).
        let is_refusal = body.get(..2) == Some(&ErrorCode::UnsupportedVersion.code().to_be_bytes());
        let version = if is_refusal { 0 } else { version };
        decode::<ApiVersionsResponse>(&body, api, version).map_err(|source| {
            ClientError::Malformed { address: self.address().clone(), api, source }
        })
    }

    pub fn address(&self) -> &ServerAddress {
        &self.inner.address
    }

    pub fn versions(&self) -> &ApiVersions {
        &self.versions
    }

    pub fn is_closed(&self) -> bool {
        self.inner.state.closed.load(Ordering::Acquire)
    }

    /// The version in which `R` is sent here, at most `max`.
    pub fn version_of<R: Request>(&self, max: i16) -> Result<i16> {
        self.versions.common(R::KEY, max).ok_or_else(|| ClientError::NotOffered {
            address: self.address().clone(),
            api: R::KEY,
            offered: self.versions.offered(R::KEY),
            known: R::KEY.stable_versions(),
        })
    }

    /// Sends a request in the newest common version and waits for its answer.
    pub async fn request<R: Request>(&self, request: &R) -> Result<R::Response> {
        self.request_at(request, self.version_of::<R>(i16::MAX)?).await
    }

    pub async fn request_at<R: Request>(&self, request: &R, version: i16) -> Result<R::Response> {
        self.request_waiting(request, version, Duration::ZERO).await
    }

    /// As [`Self::request_at`], for a request that the server may hold back for `wait`.
    pub async fn request_waiting<R: Request>(
        &self,
        request: &R,
        version: i16,
        wait: Duration,
    ) -> Result<R::Response> {
        let pending = self.send_at(request, version).await?;
        let after = self.inner.request_timeout.saturating_add(wait);
        let body = self.wait_for(pending.receiver, R::KEY, after).await?;
        decode(&body, R::KEY, version).map_err(|source| ClientError::Malformed {
            address: self.address().clone(),
            api: R::KEY,
            source,
        })
    }

    /// A late answer closes the connection: all behind it would be late too, and which of them were carried out is not known.
    async fn wait_for(
        &self,
        receiver: oneshot::Receiver<Result<Bytes>>,
        api: ApiKey,
        after: Duration,
    ) -> Result<Bytes> {
        match tokio::time::timeout(after, receiver).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(self.closed()),
            Err(_) => {
                self.close();
                Err(ClientError::TimedOut { address: self.address().clone(), api, after })
            }
        }
    }

    /// Sends a request and gives its answer to wait for, so that more can be sent meanwhile. Requests are sent in the order of
    /// the calls.
    pub async fn send_at<R: Request>(
        &self,
        request: &R,
        version: i16,
    ) -> Result<PendingAnswer<R::Response>> {
        let correlation = self.next_correlation();
        let frame = self.frame(request, version, correlation)?;
        let (reply, receiver) = oneshot::channel();
        let unanswered = Some(Unanswered { correlation, reply });
        self.push(Outgoing { frame, unanswered, written: None }).await?;
        let address = self.address().clone();
        Ok(PendingAnswer { receiver, address, api: R::KEY, version, response: PhantomData })
    }

    /// Sends a request that gets no answer (Produce with acks 0); returns when the system has taken its bytes.
    pub async fn send_unanswered<R: Request>(&self, request: &R, version: i16) -> Result<()> {
        let frame = self.frame(request, version, self.next_correlation())?;
        let (written, receiver) = oneshot::channel();
        self.push(Outgoing { frame, unanswered: None, written: Some(written) }).await?;
        receiver.await.map_err(|_| self.closed())
    }

    async fn push(&self, outgoing: Outgoing) -> Result<()> {
        if self.is_closed() {
            return Err(self.closed());
        }
        self.inner.state.touch();
        self.inner.outgoing.send(outgoing).await.map_err(|_| self.closed())
    }

    fn next_correlation(&self) -> i32 {
        self.inner.next_correlation.fetch_add(1, Ordering::Relaxed) & i32::MAX
    }

    fn frame<R: Request>(&self, request: &R, version: i16, correlation_id: i32) -> Result<Vec<u8>> {
        let header = RequestHeader {
            api_key: R::KEY.code(),
            api_version: version,
            correlation_id,
            client_id: Some(self.inner.client_id.clone()),
        };
        let mut frame = vec![0; 4];
        let encoded = header
            .encode(&mut frame, R::KEY.request_header_version(version))
            .and_then(|()| request.encode(&mut frame, version))
            .and_then(|()| {
                let size = frame.len() - 4;
                i32::try_from(size).map_err(|_| wire::EncodeError::TooLong { size })
            });
        let size = encoded.map_err(|source| ClientError::NotEncodable {
            address: self.address().clone(),
            api: R::KEY,
            source,
        })?;
        frame[..4].copy_from_slice(&size.to_be_bytes());
        Ok(frame)
    }

    /// Nothing is sent or received any more; who waits gets [`ClientError::Closed`].
    pub fn close(&self) {
        for task in &self.inner.tasks {
            task.abort();
        }
        let closed = self.closed();
        self.inner.state.fail_all(&closed);
    }

    fn closed(&self) -> ClientError {
        ClientError::Closed { address: self.address().clone() }
    }
}

impl<R: Message> Future for PendingAnswer<R> {
    type Output = Result<R>;

    /// Has no timeout of its own. Cancel-safe.
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<R>> {
        let received = std::task::ready!(Pin::new(&mut self.receiver).poll(context));
        let address = || self.address.clone();
        let answer = match received {
            Ok(answer) => answer,
            Err(_) => Err(ClientError::Closed { address: address() }),
        };
        Poll::Ready(answer.and_then(|body| {
            decode(&body, self.api, self.version).map_err(|source| ClientError::Malformed {
                address: address(),
                api: self.api,
                source,
            })
        }))
    }
}

/// Steps over the rest of the response's header, then decodes the body, which must fill what is left.
fn decode<R: Message>(
    answer: &Bytes,
    api: ApiKey,
    version: i16,
) -> std::result::Result<R, wire::DecodeError> {
    let mut input = Reader::shared(answer);
    input.set_flexible(api.response_header_version(version) >= 1);
    input.skip_tagged_fields()?;
    let message = R::decode(&mut input, version)?;
    input.finish()?;
    Ok(message)
}

/// Tries every address that the name has.
async fn connect_any(address: &ServerAddress, config: &ClientConfig) -> std::io::Result<TcpStream> {
    let found = tokio::net::lookup_host((address.host.as_str(), address.port)).await?;
    let mut last = None;
    for place in found {
        let socket = if place.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        if let Some(size) = config.send_buffer_size {
            socket.set_send_buffer_size(size)?;
        }
        if let Some(size) = config.receive_buffer_size {
            socket.set_recv_buffer_size(size)?;
        }
        match socket.connect(place).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| std::io::ErrorKind::NotFound.into()))
}

impl State {
    fn new() -> Self {
        Self {
            closed: AtomicBool::new(false),
            unanswered: Mutex::default(),
            ended: Notify::new(),
            opened: Instant::now(),
            used: AtomicU64::new(0),
        }
    }

    fn touch(&self) {
        let millis = u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.used.store(millis, Ordering::Relaxed);
    }

    /// When the connection has been without a request for so long; `None` while an answer is due.
    fn idle_until(&self, idle_max: Duration) -> Option<Instant> {
        let used = Duration::from_millis(self.used.load(Ordering::Relaxed));
        let is_waiting = !self.unanswered.lock().is_empty();
        if is_waiting { None } else { self.opened.checked_add(used)?.checked_add(idle_max) }
    }

    fn fail_all(&self, error: &ClientError) {
        self.closed.store(true, Ordering::Release);
        self.ended.notify_one();
        let unanswered = std::mem::take(&mut *self.unanswered.lock());
        for request in unanswered {
            // Who asked may have stopped waiting.
            let _ = request.reply.send(Err(error.clone()));
        }
    }
}

async fn write_frames(
    mut socket: OwnedWriteHalf,
    mut queue: mpsc::Receiver<Outgoing>,
    address: ServerAddress,
    state: Arc<State>,
) {
    let mut batch = Vec::new();
    let mut small = Vec::new();
    loop {
        // The socket is closed with its writing half, even while handles on the connection are kept.
        let received = tokio::select! {
            received = queue.recv_many(&mut batch, CONNECTION_IN_FLIGHT_MAX) => received,
            () = state.ended.notified() => 0,
        };
        if received == 0 {
            return;
        }
        for outgoing in &mut batch {
            // Before the bytes leave: the answer may be there at once.
            state.unanswered.lock().extend(outgoing.unanswered.take());
        }
        if let Err(source) = write_batch(&mut socket, &batch, &mut small).await {
            queue.close();
            state.fail_all(&ClientError::Broken { address, source: Arc::new(source) });
            return;
        }
        for outgoing in batch.drain(..) {
            if let Some(written) = outgoing.written {
                // Who asked may have stopped waiting.
                let _ = written.send(());
            }
        }
    }
}

/// Small frames are copied together, so that many of them cost one call.
async fn write_batch(
    socket: &mut OwnedWriteHalf,
    batch: &[Outgoing],
    small: &mut Vec<u8>,
) -> std::io::Result<()> {
    if let [only] = batch {
        return socket.write_all(&only.frame).await;
    }
    small.clear();
    for outgoing in batch {
        if small.len() + outgoing.frame.len() > WRITE_COALESCED_MAX {
            socket.write_all(small).await?;
            small.clear();
        }
        if outgoing.frame.len() > WRITE_COALESCED_MAX {
            socket.write_all(&outgoing.frame).await?;
        } else {
            small.extend_from_slice(&outgoing.frame);
        }
    }
    socket.write_all(small).await
}

/// The task that takes answers from the socket.
struct FrameReader {
    socket: OwnedReadHalf,
    address: ServerAddress,
    state: Arc<State>,
    idle_max: Option<Duration>,
}

impl FrameReader {
    async fn run(mut self) {
        let mut buffer = BytesMut::with_capacity(64 << 10);
        loop {
            let error = match self.read_frame(&mut buffer).await {
                Ok(frame) => match deliver(frame, &self.address, &self.state) {
                    Ok(()) => continue,
                    Err(error) => error,
                },
                Err(error) => error,
            };
            self.state.fail_all(&error);
            return;
        }
    }

    async fn read_frame(&mut self, buffer: &mut BytesMut) -> Result<Bytes> {
        self.await_frame(buffer).await?;
        let mut size = [0; 4];
        size.copy_from_slice(&buffer.split_to(4));
        let raw = i32::from_be_bytes(size);
        let size = usize::try_from(raw).ok().filter(|size| *size <= ANSWER_SIZE_MAX);
        let too_large =
            || ClientError::AnswerTooLarge { address: self.address.clone(), size: raw.into() };
        let size = size.ok_or_else(too_large)?;
        self.fill(buffer, size).await?;
        Ok(buffer.split_to(size).freeze())
    }

    /// Reads the length of the next answer, or gives up a connection that nobody uses.
    async fn await_frame(&mut self, buffer: &mut BytesMut) -> Result<()> {
        let Some(idle_max) = self.idle_max else { return self.fill(buffer, 4).await };
        loop {
            let look_at = Instant::now().checked_add(idle_max);
            let Some(look_at) = look_at else { return self.fill(buffer, 4).await };
            if let Ok(filled) = tokio::time::timeout_at(look_at, self.fill(buffer, 4)).await {
                return filled;
            }
            if self.state.idle_until(idle_max).is_some_and(|until| until <= Instant::now()) {
                return Err(ClientError::Closed { address: self.address.clone() });
            }
        }
    }

    /// Reads until `size` bytes are there. Memory is taken as they come, at most doubling. Cancel-safe: what was read stays
    /// in `buffer`.
    async fn fill(&mut self, buffer: &mut BytesMut, size: usize) -> Result<()> {
        while buffer.len() < size {
            let missing = size - buffer.len();
            buffer.reserve(missing.clamp(16 << 10, buffer.len().max(1 << 20)));
            let address = || self.address.clone();
            match self.socket.read_buf(buffer).await {
                Ok(0) => return Err(ClientError::Closed { address: address() }),
                Ok(_) => {}
                Err(source) => {
                    let (address, source) = (address(), Arc::new(source));
                    return Err(ClientError::Broken { address, source });
                }
            }
        }
        Ok(())
    }
}

fn deliver(mut frame: Bytes, address: &ServerAddress, state: &State) -> Result<()> {
    let mut input = Reader::new(&frame);
    let received = input.i32().map_err(|source| ClientError::Malformed {
        address: address.clone(),
        api: ApiKey::ApiVersions,
        source,
    })?;
    let unanswered = state.unanswered.lock().pop_front();
    let Some(Unanswered { correlation, reply, .. }) = unanswered else {
        return Err(ClientError::Closed { address: address.clone() });
    };
    if correlation != received {
        let (address, expected) = (address.clone(), correlation);
        let error = ClientError::Correlation { address, expected, received };
        let _ = reply.send(Err(error.clone()));
        return Err(error);
    }
    let _ = reply.send(Ok(frame.split_off(4)));
    Ok(())
}
