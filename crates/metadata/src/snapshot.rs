use crate::image::{Image, METADATA_VERSION};
use crate::record::MetadataRecord;
use crate::security::IdentifiedEntry;

impl Image {
    /// The records from which an empty image becomes equal to this one, as a snapshot holds them. The feature
    /// levels come first, and among them `metadata.version`: a reader must know which records may follow.
    ///
    /// Asked of an image inside of a transaction, it answers for the state before the transaction began.
    pub fn to_records(&self) -> Box<dyn Iterator<Item = MetadataRecord> + '_> {
        if let Some(before) = &self.before_transaction {
            return before.to_records();
        }
        let records = self
            .feature_records()
            .chain(self.node_records())
            .chain(self.topic_records())
            .chain(self.config_records())
            .chain(self.security_records());
        Box::new(records)
    }

    fn feature_records(&self) -> impl Iterator<Item = MetadataRecord> + '_ {
        let level = |(name, level): (&String, &i16)| MetadataRecord::FeatureLevel {
            name: name.clone(),
            level: *level,
        };
        let first = self.features.get_key_value(METADATA_VERSION).map(level);
        let others = self.features.iter().filter(|(name, _)| *name != METADATA_VERSION);
        first.into_iter().chain(others.map(level))
    }

    fn node_records(&self) -> impl Iterator<Item = MetadataRecord> + '_ {
        let brokers = self.brokers().cloned().map(MetadataRecord::RegisterBroker);
        let controllers = self.controllers().cloned().map(MetadataRecord::RegisterController);
        brokers.chain(controllers)
    }

    fn topic_records(&self) -> impl Iterator<Item = MetadataRecord> + '_ {
        self.topics().flat_map(|topic| {
            let itself = MetadataRecord::Topic { name: topic.name.clone(), id: topic.id };
            let partitions = topic.partitions.iter().map(|(index, partition)| {
                let partition = partition.as_ref().clone();
                MetadataRecord::Partition { topic: topic.id, index: *index, partition }
            });
            std::iter::once(itself).chain(partitions)
        })
    }

    fn config_records(&self) -> impl Iterator<Item = MetadataRecord> + '_ {
        let configs = self.configs().flat_map(|(resource, values)| {
            values.iter().map(|(name, value)| MetadataRecord::Config {
                resource: resource.clone(),
                name: name.clone(),
                value: Some(value.clone()),
            })
        });
        let quotas = self.quotas().flat_map(|(entity, quotas)| {
            quotas.iter().map(|(key, value)| MetadataRecord::ClientQuota {
                entity: entity.clone(),
                key: key.clone(),
                value: Some(*value),
            })
        });
        // The broker of the last block does not matter to anyone who reads a snapshot.
        let producer_ids = self.next_producer_id.map(|next| MetadataRecord::ProducerIds {
            broker: None,
            epoch: None,
            next,
        });
        configs.chain(quotas).chain(producer_ids)
    }

    fn security_records(&self) -> impl Iterator<Item = MetadataRecord> + '_ {
        let acls = self.acls().map(|(id, entry)| {
            MetadataRecord::AccessControlEntry(IdentifiedEntry { id, entry: entry.clone() })
        });
        let scram = self.scram().map(|(user, credential)| MetadataRecord::UserScramCredential {
            user: user.clone(),
            credential: credential.clone(),
        });
        let tokens = self.delegation_tokens().cloned().map(MetadataRecord::DelegationToken);
        acls.chain(scram).chain(tokens)
    }
}
