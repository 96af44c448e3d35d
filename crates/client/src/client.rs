use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use model::TopicPartition;
use parking_lot::Mutex;
use wire::messages::metadata_request::MetadataRequestTopic;
use wire::messages::{FindCoordinatorRequest, MetadataRequest};
use wire::{ApiKey, Request};

use crate::backoff::{Backoff, BackoffRange};
use crate::connection::Peer;
use crate::error_map::{Reaction, Refused};
use crate::metadata::Metadata;
use crate::{ClientConfig, ClientError, Connection, Result, ServerAddress};

/// A cluster as one of its users sees it. Cloning gives another handle on the same connections and the same knowledge.
#[derive(Clone, Debug)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: ClientConfig,
    links: Mutex<BTreeMap<(ServerAddress, Purpose), Link>>,
    metadata: Mutex<Metadata>,
}

/// One connection, opened by the first who needs it while others who need it wait.
type Link = Arc<tokio::sync::Mutex<LinkState>>;

#[derive(Debug, Default)]
struct LinkState {
    connection: Option<Connection>,
    /// Attempts to connect that failed since the last that did not.
    failures: u32,
}

/// Requests that the server holds back have connections of their own, because answers come in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    General,
    Fetch,
    Group,
}

/// Who a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// Any broker that answers.
    Any,
    /// The broker that Metadata names as controller; where all brokers take such requests, one of them.
    Controller,
    Broker(i32),
    /// The broker that coordinates the group.
    Coordinator(&'a str),
    /// The broker that coordinates the transactions of a transactional id.
    TransactionCoordinator(&'a str),
}

/// What the keys of FindCoordinator are.
const GROUP_KEY: i8 = 0;
const TRANSACTION_KEY: i8 = 1;

impl Client {
    /// Connects to the first of the bootstrap addresses that answers, and learns the brokers.
    pub async fn connect(config: ClientConfig) -> Result<Self> {
        let inner = Inner { config, links: Mutex::default(), metadata: Mutex::default() };
        let client = Self { inner: Arc::new(inner) };
        client.fetch_metadata(Some(&[]), false).await?;
        Ok(client)
    }

    pub fn config(&self) -> &ClientConfig {
        &self.inner.config
    }

    /// What is known of the cluster now.
    pub fn known(&self) -> Metadata {
        self.inner.metadata.lock().clone()
    }

    /// Looks at what is known without copying it.
    pub fn with_known<T>(&self, look: impl FnOnce(&Metadata) -> T) -> T {
        look(&self.inner.metadata.lock())
    }

    async fn link(
        &self,
        address: &ServerAddress,
        purpose: Purpose,
        broker: Option<i32>,
    ) -> Result<Connection> {
        let link = {
            let mut links = self.inner.links.lock();
            Arc::clone(links.entry((address.clone(), purpose)).or_default())
        };
        let mut link = link.lock().await;
        if let Some(connection) = &link.connection
            && !connection.is_closed()
        {
            return Ok(connection.clone());
        }
        match self.open_at(address, broker, link.failures).await {
            Ok(connection) => {
                link.failures = 0;
                Ok(link.connection.insert(connection).clone())
            }
            Err(error) => {
                link.failures = link.failures.saturating_add(1);
                Err(error)
            }
        }
    }

    /// Opens a connection after so many failures. A broker that says it is somebody else makes this client ask the bootstrap
    /// servers again (KIP-1242).
    async fn open_at(
        &self,
        address: &ServerAddress,
        broker: Option<i32>,
        failures: u32,
    ) -> Result<Connection> {
        let config = &self.inner.config;
        let peer = match broker.filter(|_| config.checks_cluster) {
            Some(broker) => Peer {
                cluster_id: self.with_known(|known| known.cluster_id.clone()),
                broker: Some(broker),
            },
            None => Peer::default(),
        };
        let range = BackoffRange { min: config.connect_timeout, max: config.connect_timeout_max };
        let opened = Connection::open_as(address, config, &peer, range.wait_of(failures)).await;
        if let Err(ClientError::Misrouted { .. }) = opened
            && config.rebootstraps
        {
            self.inner.metadata.lock().brokers.clear();
        }
        opened
    }

    /// A connection to any broker: known ones first, then the bootstrap addresses.
    async fn any(&self) -> Result<Connection> {
        let mut places: Vec<(ServerAddress, Option<i32>)> = self.with_known(|known| {
            known.brokers.values().map(|it| (it.address.clone(), Some(it.id))).collect()
        });
        let bootstraps = self.inner.config.rebootstraps || places.is_empty();
        for address in self.inner.config.bootstrap.iter().filter(|_| bootstraps) {
            if !places.iter().any(|(known, _)| known == address) {
                places.push((address.clone(), None));
            }
        }
        let mut last = None;
        for (address, broker) in &places {
            match self.link(address, Purpose::General, *broker).await {
                Ok(connection) => return Ok(connection),
                Err(error) => last = Some(error),
            }
        }
        let addresses: Vec<String> = places.iter().map(|(it, _)| it.to_string()).collect();
        let reason = Arc::new(last.unwrap_or(ClientError::UnknownBroker(-1)));
        Err(ClientError::Unreachable { addresses: addresses.join(", "), reason })
    }

    pub(crate) async fn broker(&self, id: i32, purpose: Purpose) -> Result<Connection> {
        let address =
            self.with_known(|known| known.brokers.get(&id).map(|broker| broker.address.clone()));
        let address = address.ok_or(ClientError::UnknownBroker(id))?;
        self.link(&address, purpose, Some(id)).await
    }

    /// A connection of its own to a broker, not shared with anything else of this client.
    pub async fn open(&self, broker: i32) -> Result<Connection> {
        let address = self
            .with_known(|known| known.brokers.get(&broker).map(|broker| broker.address.clone()))
            .ok_or(ClientError::UnknownBroker(broker))?;
        self.open_at(&address, Some(broker), 0).await
    }

    /// A connection to whom the request is for.
    pub async fn connection(&self, target: Target<'_>) -> Result<Connection> {
        match target {
            Target::Any => self.any().await,
            Target::Broker(id) => self.broker(id, Purpose::General).await,
            Target::Coordinator(group) => self.coordinator(group, GROUP_KEY).await,
            Target::TransactionCoordinator(id) => self.coordinator(id, TRANSACTION_KEY).await,
            Target::Controller => match self.with_known(|known| known.controller) {
                Some(id) if self.with_known(|known| known.brokers.contains_key(&id)) => {
                    self.broker(id, Purpose::General).await
                }
                _ => self.any().await,
            },
        }
    }

    /// Sends to `target`, again while that helps: after lost connections and codes that `code_of` reads from the answer and
    /// that another attempt or another broker may mend.
    pub async fn request<R: Request>(
        &self,
        target: Target<'_>,
        request: &R,
        code_of: impl Fn(&R::Response) -> Result<()>,
    ) -> Result<R::Response> {
        self.request_waiting(target, request, Duration::ZERO, code_of).await
    }

    /// As [`Self::request`], for what the server may take `wait` to do.
    pub async fn request_waiting<R: Request>(
        &self,
        target: Target<'_>,
        request: &R,
        wait: Duration,
        code_of: impl Fn(&R::Response) -> Result<()>,
    ) -> Result<R::Response> {
        let mut backoff = Backoff::of_call(&self.inner.config);
        loop {
            let attempt = async {
                let connection = self.connection(target).await?;
                let version = connection.version_of::<R>(i16::MAX)?;
                let response = connection.request_waiting(request, version, wait).await?;
                code_of(&response).map(|()| response)
            };
            let error = match attempt.await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            // Nobody listens there: say it at once instead of trying for half a minute.
            let hopeless = matches!(error, ClientError::Unreachable { .. });
            let is_retriable = error.is_retriable() && !hopeless && !is_final(R::KEY, &error);
            backoff.after(error, is_retriable).await?;
            self.fetch_metadata(Some(&[]), false).await?;
        }
    }

    /// Asks for metadata and keeps it. `None` asks for all topics.
    pub(crate) async fn fetch_metadata(
        &self,
        topics: Option<&[&str]>,
        allow_auto_topic_creation: bool,
    ) -> Result<Metadata> {
        let named = |name: &&str| MetadataRequestTopic {
            name: Some((*name).to_owned()),
            ..MetadataRequestTopic::default()
        };
        let mut request = MetadataRequest {
            topics: topics.map(|topics| topics.iter().map(named).collect()),
            allow_auto_topic_creation,
            ..MetadataRequest::default()
        };
        let mut backoff = Backoff::of_call(&self.inner.config);
        loop {
            let attempt = async {
                let connection = self.any().await?;
                let version = connection.version_of::<MetadataRequest>(i16::MAX)?;
                if version < 4 {
                    request.allow_auto_topic_creation = true;
                }
                connection.request_at(&request, version).await
            };
            match attempt.await {
                Ok(response) => {
                    let metadata = Metadata::new(response);
                    self.inner.metadata.lock().merge(metadata.clone());
                    return Ok(metadata);
                }
                Err(error) => {
                    let again =
                        error.is_retriable() && !matches!(error, ClientError::Unreachable { .. });
                    backoff.after(error, again).await?;
                }
            }
        }
    }

    /// All topics and brokers, asked for now.
    pub async fn all_topics(&self) -> Result<Metadata> {
        self.fetch_metadata(None, false).await
    }

    /// The named topics, asked for now. Fails for the first that does not exist, or may be created by asking if `create` is set.
    pub async fn topics(&self, names: &[&str], create: bool) -> Result<Metadata> {
        let mut backoff = Backoff::of_call(&self.inner.config);
        loop {
            let metadata = self.fetch_metadata(Some(names), create).await?;
            let refused = names.iter().find_map(|name| match metadata.topics.get(*name) {
                None => Some(ClientError::UnknownTopic((*name).to_owned())),
                Some(topic) => {
                    let subject = || format!("topic {name}");
                    Refused::check(topic.error_code, subject, None).err().map(Into::into)
                }
            });
            let Some(error) = refused else { return Ok(metadata) };
            let is_unknown = error.code() == Some(wire::ErrorCode::UnknownTopicOrPartition);
            // A topic that is being created is unknown, then without a leader, for a moment.
            let again = error.is_retriable() && (create || !is_unknown);
            backoff.after(error, again).await?;
        }
    }

    /// Learns the leader of a partition again if it is not known.
    pub async fn leader(&self, partition: &TopicPartition) -> Result<i32> {
        let (topic, index) = (partition.topic.as_str(), partition.partition.to_wire());
        let mut backoff = Backoff::of_call(&self.inner.config);
        loop {
            if let Some(leader) = self.with_known(|known| known.leader(topic, index)) {
                return Ok(leader);
            }
            let metadata = self.topics(&[topic], false).await?;
            let count = metadata.topics.get(topic).map_or(0, |topic| topic.partitions.len());
            if metadata.partition(topic, index).is_none() {
                let topic = topic.to_owned();
                return Err(ClientError::UnknownPartition { topic, partition: index, count });
            }
            if metadata.leader(topic, index).is_none() {
                backoff.after(ClientError::NoLeader(partition.clone()), true).await?;
            }
        }
    }

    async fn coordinator(&self, key: &str, key_type: i8) -> Result<Connection> {
        let id = self.find_coordinator_of(key, key_type).await?;
        self.broker(id, Purpose::General).await
    }

    /// The broker that coordinates a group. Its address is learnt with it.
    pub(crate) async fn find_coordinator(&self, group: &str) -> Result<i32> {
        self.find_coordinator_of(group, GROUP_KEY).await
    }

    /// The broker that coordinates the transactions of a transactional id.
    pub(crate) async fn find_transaction_coordinator(&self, id: &str) -> Result<i32> {
        self.find_coordinator_of(id, TRANSACTION_KEY).await
    }

    async fn find_coordinator_of(&self, key: &str, key_type: i8) -> Result<i32> {
        let mut backoff = Backoff::of_call(&self.inner.config);
        loop {
            let error = match self.ask_coordinator(key, key_type).await {
                Ok(id) => return Ok(id),
                Err(error) => error,
            };
            let again = error.is_retriable() && !matches!(error, ClientError::Unreachable { .. });
            backoff.after(error, again).await?;
        }
    }

    async fn ask_coordinator(&self, key: &str, key_type: i8) -> Result<i32> {
        let connection = self.any().await?;
        let version = connection.version_of::<FindCoordinatorRequest>(i16::MAX)?;
        // From version 4 several keys are asked at once (KIP-699).
        let request = if version >= 4 {
            let coordinator_keys = vec![key.to_owned()];
            FindCoordinatorRequest { coordinator_keys, key_type, ..Default::default() }
        } else {
            FindCoordinatorRequest { key: key.to_owned(), key_type, ..Default::default() }
        };
        let mut response = connection.request_at(&request, version).await?;
        let found = if version >= 4 {
            let (address, what) = (connection.address().clone(), "the coordinator");
            response.coordinators.pop().ok_or(ClientError::Incomplete { address, what })?
        } else {
            wire::messages::find_coordinator_response::Coordinator {
                key: key.to_owned(),
                node_id: response.node_id,
                host: response.host,
                port: response.port,
                error_code: response.error_code,
                error_message: response.error_message,
            }
        };
        let message = found.error_message.as_deref();
        let kind = if key_type == GROUP_KEY { "group" } else { "transactional id" };
        Refused::check(found.error_code, || format!("{kind} {key}"), message)?;
        let Ok(port) = u16::try_from(found.port) else {
            return Err(ClientError::UnknownBroker(found.node_id));
        };
        let address = ServerAddress { host: found.host, port };
        let broker = crate::Broker { id: found.node_id, address, rack: None };
        self.inner.metadata.lock().brokers.entry(broker.id).or_insert(broker);
        Ok(found.node_id)
    }
}

/// Codes that a client retries elsewhere but that are the plain answer to an administrative request.
fn is_final(api: ApiKey, error: &ClientError) -> bool {
    let ClientError::Refused(refused) = error else { return false };
    let is_about_topics = matches!(
        api,
        ApiKey::DeleteTopics
            | ApiKey::CreatePartitions
            | ApiKey::DescribeConfigs
            | ApiKey::IncrementalAlterConfigs
            | ApiKey::OffsetCommit
            | ApiKey::OffsetDelete
    );
    is_about_topics
        && refused.reaction() == Reaction::FindLeader
        && refused.code() == Some(wire::ErrorCode::UnknownTopicOrPartition)
}
