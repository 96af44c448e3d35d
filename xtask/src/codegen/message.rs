//! One file per message, and the modules that gather them.

use super::Files;
use super::emit::{camel_case, snake_case, version_range};
use super::spec::{Message, Role, Spec};
use super::{structs, view};

pub fn requests_and_responses(spec: &Spec, files: &mut Files) -> Result<(), String> {
    let mut messages = Vec::new();
    for api in &spec.apis {
        for message in api.request.iter().chain(&api.response) {
            messages.push(message);
        }
    }
    for message in &messages {
        let path = format!("messages/{}.rs", snake_case(&message.name));
        files.insert(path.into(), file(message));
    }
    let head = "//! Requests and responses.\n\n";
    files.insert("messages/mod.rs".into(), format!("{head}{}", module(&messages)));
    Ok(())
}

pub fn records(spec: &Spec, files: &mut Files) -> Result<(), String> {
    let mut root = "//! The records of Kafka's own topics and files.\n\n".to_owned();
    for (group, messages) in &spec.records {
        root.push_str(&format!("pub mod {group};\n"));
        for message in messages {
            let path = format!("records/{group}/{}.rs", snake_case(&message.name));
            files.insert(path.into(), file(message));
        }
        let mut text = module(&messages.iter().collect::<Vec<_>>());
        let kinds = [(Role::Record, "Record"), (Role::Key, "Key"), (Role::Value, "Value")];
        for (role, suffix) in kinds {
            let of_role: Vec<_> = messages.iter().filter(|message| message.role == role).collect();
            if !of_role.is_empty() {
                text.push_str(&record_enum(group, suffix, &of_role));
            }
        }
        if text.contains("pub enum") {
            text.insert_str(
                0,
                "use crate::{AnyRecord, DecodeError, EncodeError, Message, Reader, Record, VersionRange};\n\n",
            );
        }
        files.insert(format!("records/{group}/mod.rs").into(), text);
    }
    files.insert("records/mod.rs".into(), root);
    Ok(())
}

fn module(messages: &[&Message]) -> String {
    let mut names: Vec<_> = messages.iter().map(|message| &message.name).collect();
    names.sort();
    let modules: String =
        names.iter().map(|name| format!("pub mod {};\n", snake_case(name))).collect();
    let uses: String = messages
        .iter()
        .map(|message| {
            let name = &message.name;
            let view = if message.view { format!(", {name}View") } else { String::new() };
            format!("pub use {}::{{{name}{view}}};\n", snake_case(name))
        })
        .collect();
    format!("{modules}\n{uses}\n")
}

fn file(message: &Message) -> String {
    let body: String = message.structs.iter().map(|one| structs::emit(message, one)).collect();
    let views = if message.view { view::emit(message) } else { String::new() };
    let mut text = String::new();
    if body.contains("Bytes") {
        text.push_str("use bytes::Bytes;\n");
    }
    if body.contains("Uuid") {
        text.push_str("use model::Uuid;\n");
    }
    text.push('\n');
    let mut names = vec![
        "DecodeError",
        "Element",
        "EncodeError",
        "Message",
        "Reader",
        "VersionRange",
        "Writer",
    ];
    match message.role {
        Role::Request => names.extend(["ApiKey", "Request"]),
        Role::Record | Role::Key | Role::Value => names.push("Record"),
        _ => {}
    }
    if message.view {
        names.push("View");
        if views.contains("ArrayView") {
            names.push("ArrayView");
        }
    }
    names.sort_unstable();
    text.push_str(&format!("use crate::{{{}}};\n", names.join(", ")));
    if body.contains("required(") {
        text.push_str("use crate::message::required;\n");
    }
    if message.view {
        text.push_str("use crate::view::parse_view;\n");
    }
    text.push('\n');
    text.push_str(&body);
    text.push_str(&views);
    text.push_str(&message_impl(message));
    text
}

fn message_impl(message: &Message) -> String {
    let name = &message.name;
    let mut text = format!(
        "impl Message for {name} {{
            const NAME: &'static str = \"{name}\";
            const VERSIONS: VersionRange = {};
            const FLEXIBLE: VersionRange = {};
        }}\n",
        version_range(Some(message.versions)),
        version_range(message.flexible),
    );
    match (message.role, message.key) {
        (Role::Request, Some(_)) => {
            let api = name.strip_suffix("Request").unwrap_or(name);
            text.push_str(&format!(
                "\nimpl Request for {name} {{
                    const KEY: ApiKey = ApiKey::{api};
                    type Response = super::{api}Response;
                }}\n"
            ));
        }
        (Role::Record | Role::Key | Role::Value, Some(key)) => {
            text.push_str(&format!("\nimpl Record for {name} {{ const KEY: i16 = {key}; }}\n"));
        }
        _ => {}
    }
    text
}

/// One enum over the records that share a topic, chosen by their keys.
fn record_enum(group: &str, suffix: &str, messages: &[&Message]) -> String {
    let name = format!("{}{suffix}", camel_case(group));
    let variant =
        |message: &Message| message.name.strip_suffix(suffix).unwrap_or(&message.name).to_owned();
    let each = |line: &dyn Fn(&str, &Message) -> String| -> String {
        messages.iter().map(|message| line(&variant(message), message)).collect()
    };
    format!(
        "/// Any {kind} of the `{group}` records.
        #[derive(Clone, Debug, PartialEq)]
        pub enum {name} {{ {variants} }}

        impl AnyRecord for {name} {{
            fn decode(key: i16, input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {{
                match key {{
                    {decodes}
                    _ => Err(DecodeError::RecordKey {{ group: \"{name}\", key }}),
                }}
            }}

            fn encode(&self, out: &mut Vec<u8>, version: i16) -> Result<(), EncodeError> {{
                match self {{ {encodes} }}
            }}

            fn key(&self) -> i16 {{
                match self {{ {keys} }}
            }}

            fn name(&self) -> &'static str {{
                match self {{ {names} }}
            }}

            fn versions(&self) -> VersionRange {{
                match self {{ {versions} }}
            }}
        }}

        {froms}",
        kind = suffix.to_lowercase(),
        variants = each(&|variant, message| format!("{variant}({}),\n", message.name)),
        decodes = each(&|variant, message| {
            let name = &message.name;
            format!("{name}::KEY => {name}::decode(input, version).map(Self::{variant}),\n")
        }),
        encodes = each(&|variant, _| format!("Self::{variant}(it) => it.encode(out, version),\n")),
        keys = each(&|variant, message| format!("Self::{variant}(_) => {}::KEY,\n", message.name)),
        names = each(&|variant, message| format!("Self::{variant}(_) => {}::NAME,\n", message.name)),
        versions =
            each(&|variant, message| format!("Self::{variant}(_) => {}::VERSIONS,\n", message.name)),
        froms = each(&|variant, message| format!(
            "impl From<{0}> for {name} {{ fn from(it: {0}) -> Self {{ Self::{variant}(it) }} }}\n\n",
            message.name
        )),
    )
}
