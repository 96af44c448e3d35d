//! Tables of the messages' fields, for code that handles any message by its description.

use super::emit::{snake_case, version_range};
use super::spec::{Field, Message, Role, Spec, Struct, Type, Versions};

pub fn emit(spec: &Spec) -> String {
    let mut statics = String::new();
    let mut entries = Vec::new();
    for api in &spec.apis {
        for message in api.request.iter().chain(&api.response) {
            entries.push(entry(message, "messages"));
            statics.push_str(&structs(message));
        }
    }
    for (group, messages) in &spec.records {
        for message in messages {
            entries.push(entry(message, &format!("records::{group}")));
            statics.push_str(&structs(message));
        }
    }
    format!(
        "use super::{{messages, records}};
        use crate::VersionRange;
        use crate::schema::{{FieldKind, FieldSchema, MessageSchema, StructSchema, translate}};

        /// Every message, in the order of the specs.
        pub static MESSAGES: [MessageSchema; {}] = [{}];

        {statics}",
        entries.len(),
        entries.join("\n")
    )
}

fn entry(message: &Message, module: &str) -> String {
    let name = &message.name;
    let role = match message.role {
        Role::Request | Role::Response => "api",
        _ => module.strip_prefix("records::").unwrap_or(module),
    };
    format!(
        "MessageSchema {{
            name: \"{name}\",
            group: \"{role}\",
            versions: {},
            flexible: {},
            root: &{},
            translate: translate::<{module}::{name}>,
            encode_default: |version| {{
                let mut out = Vec::new();
                crate::Message::encode(&{module}::{name}::default(), &mut out, version).map(|()| out)
            }},
        }},",
        version_range(Some(message.versions)),
        version_range(message.flexible),
        static_name(message, name),
    )
}

fn structs(message: &Message) -> String {
    message.structs.iter().map(|one| struct_schema(message, one)).collect()
}

fn struct_schema(message: &Message, one: &Struct) -> String {
    let fields: Vec<_> = one.fields.iter().map(|field| field_schema(message, field)).collect();
    format!(
        "static {}: StructSchema = StructSchema {{ name: \"{}\", fields: &[{}] }};\n",
        static_name(message, &one.name),
        one.name,
        fields.join(", ")
    )
}

fn field_schema(message: &Message, field: &Field) -> String {
    let Versions { min, max } = field.versions;
    let mut text = format!(
        "FieldSchema::new(\"{}\", {}, {min}, {max})",
        field.name,
        kind(message, &field.kind)
    );
    if let Some(Versions { min, max }) = field.nullable {
        text.push_str(&format!(".nullable({min}, {max})"));
    }
    if let Some(default) = &field.default {
        text.push_str(&format!(".default(\"{default}\")"));
    }
    if let Some(tag) = field.tag {
        text.push_str(&format!(".tag({tag})"));
    }
    if field.plain {
        text.push_str(".plain()");
    }
    text
}

fn kind(message: &Message, kind_of: &Type) -> String {
    match kind_of {
        Type::Struct(name) => format!("FieldKind::Struct(&{})", static_name(message, name)),
        Type::Array(element) => format!("FieldKind::Array(&{})", kind(message, element)),
        simple => format!("FieldKind::{simple:?}"),
    }
}

fn static_name(message: &Message, name: &str) -> String {
    let own = if name == message.name { String::new() } else { format!("_{}", snake_case(name)) };
    format!("{}{own}", snake_case(&message.name)).to_uppercase()
}
