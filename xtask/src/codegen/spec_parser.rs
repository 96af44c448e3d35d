//! Text of the spec files to [`super::spec`].

use std::fs;
use std::path::{Path, PathBuf};

use super::spec::{Api, ErrorSpec, Field, Message, Role, Struct, Type, Versions};

struct Line<'a> {
    number: usize,
    depth: usize,
    words: Vec<&'a str>,
}

/// The lines of one file, taken front to back.
struct Lines<'a> {
    path: &'a Path,
    lines: std::iter::Peekable<std::vec::IntoIter<Line<'a>>>,
}

pub fn files(directory: &Path) -> Result<Vec<(PathBuf, String)>, String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).map_err(super::at(directory))? {
        let path = entry.map_err(super::at(directory))?.path();
        if path.extension().is_some_and(|extension| extension == "spec") {
            let text = fs::read_to_string(&path).map_err(super::at(&path))?;
            found.push((path, text));
        }
    }
    found.sort();
    Ok(found)
}

pub fn errors(path: &Path, text: &str) -> Result<Vec<ErrorSpec>, String> {
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let parsed = line.split_once(": ").and_then(|(head, text)| {
            let mut words = head.split(' ');
            Some(ErrorSpec {
                code: words.next()?.parse().ok()?,
                name: words.next()?.to_owned(),
                retriable: words.next() == Some("retriable"),
                text: text.to_owned(),
            })
        });
        found.push(parsed.ok_or_else(|| format!("{}: {line}", path.display()))?);
    }
    Ok(found)
}

pub fn api(path: &Path, text: &str) -> Result<Api, String> {
    let mut lines = Lines::new(path, text);
    let head = lines.lines.next().ok_or_else(|| format!("{}: empty", path.display()))?;
    let ["api", key, name, flags @ ..] = head.words.as_slice() else {
        return Err(lines.error(&head, "expected `api KEY NAME`"));
    };
    let key = key.parse().map_err(|_| lines.error(&head, "bad key"))?;
    let mut api = Api {
        key,
        name: (*name).to_owned(),
        broker: flags.contains(&"broker"),
        controller: flags.contains(&"controller"),
        forward: flags.contains(&"forward"),
        cluster_action: flags.contains(&"cluster-action"),
        request: None,
        response: None,
    };
    while let Some(line) = lines.lines.next() {
        let (role, suffix) = match line.words.first() {
            Some(&"request") => (Role::Request, "Request"),
            Some(&"response") => (Role::Response, "Response"),
            _ => return Err(lines.error(&line, "expected `request` or `response`")),
        };
        let settings = line.words.get(1..).unwrap_or_default().to_vec();
        if settings == ["none"] {
            continue;
        }
        let name = format!("{}{suffix}", api.name);
        let message = lines.message(&line, role, Some(key), name, &settings)?;
        if role == Role::Request { &mut api.request } else { &mut api.response }.replace(message);
    }
    let versions = |message: &Option<Message>| message.as_ref().map(|message| message.versions);
    if versions(&api.request) != versions(&api.response) {
        return Err(format!("{}: request and response differ in versions", path.display()));
    }
    Ok(api)
}

pub fn records(path: &Path, text: &str) -> Result<Vec<Message>, String> {
    let mut lines = Lines::new(path, text);
    let mut found = Vec::new();
    while let Some(line) = lines.lines.next() {
        let role = match line.words.first() {
            Some(&"record") => Role::Record,
            Some(&"key") => Role::Key,
            Some(&"value") => Role::Value,
            Some(&"data") => Role::Data,
            Some(&"header") => Role::Header,
            _ => return Err(lines.error(&line, "expected the start of a record")),
        };
        let mut rest = line.words.get(1..).unwrap_or_default();
        let mut key = None;
        if matches!(role, Role::Record | Role::Key | Role::Value) {
            key = rest.first().and_then(|word| word.parse().ok());
            if key.is_none() {
                return Err(lines.error(&line, "expected a number"));
            }
            rest = rest.get(1..).unwrap_or_default();
        }
        let [name, settings @ ..] = rest else { return Err(lines.error(&line, "expected a name")) };
        found.push(lines.message(&line, role, key, (*name).to_owned(), settings)?);
    }
    Ok(found)
}

impl<'a> Lines<'a> {
    fn new(path: &'a Path, text: &'a str) -> Self {
        let mut lines = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default();
            let words: Vec<_> = line.split_whitespace().collect();
            if !words.is_empty() {
                let depth = (line.len() - line.trim_start().len()) / 2;
                lines.push(Line { number: index + 1, depth, words });
            }
        }
        Self { path, lines: lines.into_iter().peekable() }
    }

    fn error(&self, line: &Line<'_>, text: &str) -> String {
        format!("{}:{}: {text}", self.path.display(), line.number)
    }

    fn message(
        &mut self,
        line: &Line<'_>,
        role: Role,
        key: Option<i16>,
        name: String,
        settings: &[&str],
    ) -> Result<Message, String> {
        let mut settings = settings.iter().copied().peekable();
        let all = Versions { min: 0, max: i16::MAX };
        let versions = settings.next().and_then(|word| parse_versions(word, all));
        let versions = versions.ok_or_else(|| self.error(line, "expected versions"))?;
        let mut message = Message {
            role,
            key,
            name: name.clone(),
            versions,
            flexible: None,
            unstable: None,
            view: false,
            structs: Vec::new(),
        };
        while let Some(word) = settings.next() {
            match word {
                "flexible" => {
                    let some =
                        settings.next_if(|word| word.starts_with(|c: char| c.is_ascii_digit()));
                    message.flexible = some.map_or(Some(versions), |w| parse_versions(w, versions));
                }
                "unstable" => message.unstable = settings.next().and_then(|w| w.parse().ok()),
                "view" => message.view = true,
                _ => return Err(self.error(line, &format!("`{word}` is not known"))),
            }
        }
        let mut structs = Vec::new();
        let fields = self.fields(1, versions, &mut structs)?;
        message.structs.push(Struct { name, versions, fields });
        message.structs.append(&mut structs);
        check(&message).map_err(|text| self.error(line, &text))?;
        Ok(message)
    }

    /// The fields at `depth`; the structs that they and the lines among them declare go to `structs`.
    fn fields(
        &mut self,
        depth: usize,
        within: Versions,
        structs: &mut Vec<Struct>,
    ) -> Result<Vec<Field>, String> {
        let mut fields = Vec::new();
        while let Some(line) = self.lines.next_if(|line| line.depth == depth) {
            if let ["struct", name, rest @ ..] = line.words.as_slice() {
                let versions = match rest {
                    [] => Some(within),
                    [word] => parse_versions(word, within),
                    _ => None,
                };
                let versions = versions.ok_or_else(|| self.error(&line, "bad struct"))?;
                let place = structs.len();
                let fields = self.fields(depth + 1, versions, structs)?;
                structs.insert(place, Struct { name: (*name).to_owned(), versions, fields });
                continue;
            }
            let field = parse_field(&line.words, within);
            let field = field.map_err(|text| self.error(&line, &text))?;
            if self.lines.peek().is_some_and(|next| next.depth > depth) {
                let name = match &field.kind {
                    Type::Struct(name) => name.clone(),
                    Type::Array(element) => match element.as_ref() {
                        Type::Struct(name) => name.clone(),
                        _ => return Err(self.error(&line, "only structs have fields")),
                    },
                    _ => return Err(self.error(&line, "only structs have fields")),
                };
                let place = structs.len();
                let fields = self.fields(depth + 1, field.versions, structs)?;
                structs.insert(place, Struct { name, versions: field.versions, fields });
            }
            fields.push(field);
        }
        Ok(fields)
    }
}

fn parse_field(words: &[&str], within: Versions) -> Result<Field, String> {
    let [name, kind, rest @ ..] = words else {
        return Err("expected a name and a type".to_owned());
    };
    let (kind, nullable) = match kind.split_once('?') {
        Some((kind, versions)) => (kind, Some(versions)),
        None => (*kind, None),
    };
    let mut rest = rest.iter().copied().peekable();
    let versions = match rest.next_if(|word| word.starts_with(|c: char| c.is_ascii_digit())) {
        Some(word) => parse_versions(word, within).ok_or("bad versions")?,
        None => within,
    };
    let nullable = match nullable {
        None => None,
        Some("") => Some(versions),
        Some(range) => Some(parse_versions(range, versions).ok_or("bad versions for null")?),
    };
    let mut field = Field {
        name: (*name).to_owned(),
        kind: parse_type(kind),
        versions,
        nullable,
        default: None,
        tag: None,
        ignorable: false,
        plain: false,
    };
    while let Some(word) = rest.next() {
        match word {
            "=" => field.default = Some(rest.next().ok_or("expected a default")?.to_owned()),
            "tag" => {
                let tag = rest.next().and_then(|word| word.parse().ok());
                field.tag = Some(tag.ok_or("expected a tag")?);
            }
            "ignorable" => field.ignorable = true,
            "plain" => field.plain = true,
            // Elements that differ in their key fields; the wire does not enforce it.
            "key" => {}
            _ => return Err(format!("`{word}` is not known")),
        }
    }
    Ok(field)
}

fn parse_type(text: &str) -> Type {
    match text {
        "bool" => Type::Bool,
        "int8" => Type::Int8,
        "int16" => Type::Int16,
        "uint16" => Type::Uint16,
        "int32" => Type::Int32,
        "uint32" => Type::Uint32,
        "int64" => Type::Int64,
        "float64" => Type::Float64,
        "uuid" => Type::Uuid,
        "string" => Type::String,
        "bytes" => Type::Bytes,
        "records" => Type::Records,
        name => match name.strip_prefix("[]") {
            Some(element) => Type::Array(Box::new(parse_type(element))),
            None => Type::Struct(name.to_owned()),
        },
    }
}

/// `3`, `3-5` or `3+`, within the versions of what encloses it.
fn parse_versions(text: &str, within: Versions) -> Option<Versions> {
    let versions = if let Some(min) = text.strip_suffix('+') {
        Versions { min: min.parse().ok()?, max: within.max }
    } else if let Some((min, max)) = text.split_once('-') {
        Versions { min: min.parse().ok()?, max: max.parse().ok()? }
    } else {
        let only = text.parse().ok()?;
        Versions { min: only, max: only }
    };
    (versions.intersect(within) == Some(versions)).then_some(versions)
}

/// What the generator relies on.
fn check(message: &Message) -> Result<(), String> {
    for (index, one) in message.structs.iter().enumerate() {
        if message.structs.iter().skip(index + 1).any(|other| other.name == one.name) {
            return Err(format!("two structs are named {}", one.name));
        }
        for field in &one.fields {
            let flexible = message.flexible.and_then(|flexible| flexible.intersect(field.versions));
            if field.tag.is_some() && flexible != Some(field.versions) {
                return Err(format!("{} is tagged in a version that is not flexible", field.name));
            }
            let kind = match &field.kind {
                Type::Array(element) => element,
                kind => kind,
            };
            if message.view && field.nullable.is_some() && matches!(field.kind, Type::Struct(_)) {
                return Err(format!("{} is a nullable struct, which no view has yet", field.name));
            }
            let known = |name: &String| message.structs.iter().any(|one| one.name == *name);
            if let Type::Struct(name) = kind
                && !known(name)
            {
                return Err(format!("{name} is not declared"));
            }
        }
    }
    nesting(message, &message.name, 0)
}

/// A struct within itself would have no bound on its depth.
fn nesting(message: &Message, name: &str, depth: usize) -> Result<(), String> {
    if depth > message.structs.len() {
        return Err(format!("{name} contains itself"));
    }
    let fields = message.structs.iter().filter(|one| one.name == name).flat_map(|one| &one.fields);
    for field in fields {
        let kind = match &field.kind {
            Type::Array(element) => element,
            kind => kind,
        };
        if let Type::Struct(inner) = kind {
            nesting(message, inner, depth + 1)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
