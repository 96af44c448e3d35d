use model::{BrokerId, DirectoryId, Uuid};

use super::BadForm;

/// `meta.properties` of a log directory, version 1 (KIP-858).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetaProperties {
    pub cluster_id: String,
    pub node_id: BrokerId,
    /// `None` in a directory formatted before KIP-858.
    pub directory_id: Option<DirectoryId>,
}

impl MetaProperties {
    pub fn encode(&self) -> Vec<u8> {
        let mut out = format!("cluster.id={}\n", escape(&self.cluster_id));
        if let Some(id) = self.directory_id {
            out += &format!("directory.id={id}\n");
        }
        out += &format!("node.id={}\nversion=1\n", self.node_id);
        out.into_bytes()
    }

    pub fn decode(bytes: &[u8]) -> Result<Self, BadForm> {
        let text = std::str::from_utf8(bytes).map_err(|_| BadForm)?;
        let field = |name: &str| text.lines().rev().find_map(|line| value(line, name));
        if field("version").as_deref() != Some("1") {
            return Err(BadForm);
        }
        let node_id = field("node.id").and_then(|id| BrokerId::from_wire(id.parse().ok()?));
        let directory_id = match field("directory.id") {
            Some(id) => Some(id.parse::<Uuid>().ok().and_then(DirectoryId::new).ok_or(BadForm)?),
            None => None,
        };
        let cluster_id = field("cluster.id").ok_or(BadForm)?;
        Ok(Self { cluster_id, node_id: node_id.ok_or(BadForm)?, directory_id })
    }
}

/// Java's properties form puts a backslash before what separates a key from its value.
fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if matches!(c, '=' | ':' | '#' | '!' | '\\') {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

fn value(line: &str, name: &str) -> Option<String> {
    let line = line.trim_start();
    if line.starts_with(['#', '!']) {
        return None;
    }
    let rest = line.strip_prefix(name)?.trim_start();
    let rest = rest.strip_prefix(['=', ':'])?.trim_start();
    let mut out = String::new();
    let mut characters = rest.chars();
    while let Some(c) = characters.next() {
        out.push(if c == '\\' { characters.next()? } else { c });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_java_wrote_is_read() {
        let text = b"#\n#Mon Nov 23 18:37:00 UTC 2026\ncluster.id=MkU3OEVBNTcwNTJENDM2Qg\\=\\=\n\
            directory.id=s1J7n3kYSxW6dcLlMYYv0Q\nnode.id=1\nversion=1\n";
        let parsed = MetaProperties::decode(text).unwrap();
        assert_eq!(parsed.cluster_id, "MkU3OEVBNTcwNTJENDM2Qg==");
        assert_eq!(parsed.node_id.to_wire(), 1);
        assert_eq!(parsed.directory_id.unwrap().to_string(), "s1J7n3kYSxW6dcLlMYYv0Q");
        assert_eq!(MetaProperties::decode(&parsed.encode()), Ok(parsed));
    }

    #[test]
    fn version_0_and_garbage_are_refused() {
        assert_eq!(MetaProperties::decode(b"version=0\nbroker.id=1\n"), Err(BadForm));
        assert_eq!(MetaProperties::decode(b"version=1\ncluster.id=x\n"), Err(BadForm));
        assert_eq!(MetaProperties::decode(b"\xff\xfe"), Err(BadForm));
    }
}
