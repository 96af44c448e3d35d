// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupTopologyDescriptionUpdateRequest {
    pub group_id: String,
    pub member_id: String,
    pub topology_epoch: i32,
    pub topology_description: TopologyDescription,
}

impl Element for StreamsGroupTopologyDescriptionUpdateRequest {
    const SIZE_MIN: usize = 10;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.group_id = input.string()?;
        it.member_id = input.string()?;
        it.topology_epoch = input.i32()?;
        it.topology_description = Element::read(input, version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.group_id)?;
        out.string(&self.member_id)?;
        out.i32(self.topology_epoch);
        self.topology_description.write(out, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopologyDescription {
    pub subtopologies: Vec<TopologyDescriptionSubtopology>,
    pub global_stores: Vec<TopologyDescriptionGlobalStore>,
}

impl Element for TopologyDescription {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.subtopologies = input.array(version)?;
        it.global_stores = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.array(&self.subtopologies, version)?;
        out.array(&self.global_stores, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopologyDescriptionSubtopology {
    pub subtopology_id: String,
    pub nodes: Vec<TopologyDescriptionNode>,
}

impl Element for TopologyDescriptionSubtopology {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.subtopology_id = input.string()?;
        it.nodes = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.subtopology_id)?;
        out.array(&self.nodes, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopologyDescriptionNode {
    pub name: String,
    pub node_type: i8,
    pub source_topics: Vec<String>,
    pub sink_topic: Option<String>,
    pub stores: Vec<String>,
    pub successors: Vec<String>,
}

impl Element for TopologyDescriptionNode {
    const SIZE_MIN: usize = 7;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.string()?;
        it.node_type = input.i8()?;
        it.source_topics = input.array(version)?;
        it.sink_topic = input.nullable_string()?;
        it.stores = input.array(version)?;
        it.successors = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.name)?;
        out.i8(self.node_type);
        out.array(&self.source_topics, version)?;
        out.nullable_string(self.sink_topic.as_deref())?;
        out.array(&self.stores, version)?;
        out.array(&self.successors, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopologyDescriptionGlobalStore {
    pub source: TopologyDescriptionNode,
    pub processor: TopologyDescriptionNode,
}

impl Element for TopologyDescriptionGlobalStore {
    const SIZE_MIN: usize = 15;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.source = Element::read(input, version)?;
        it.processor = Element::read(input, version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        self.source.write(out, version)?;
        self.processor.write(out, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for StreamsGroupTopologyDescriptionUpdateRequest {
    const NAME: &'static str = "StreamsGroupTopologyDescriptionUpdateRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Request for StreamsGroupTopologyDescriptionUpdateRequest {
    const KEY: ApiKey = ApiKey::StreamsGroupTopologyDescriptionUpdate;
    type Response = super::StreamsGroupTopologyDescriptionUpdateResponse;
}
