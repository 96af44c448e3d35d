//! The struct of a message: its fields, default, reading and writing.

use super::emit::{
    default_is_plain, default_value, differs_from_default, field_name, is_option, primitive_method,
    rust_type, size_min, uses_version, version_outside, version_test, version_text,
};
use super::spec::{Field, Message, Struct, Type, Versions};

pub fn emit(message: &Message, one: &Struct) -> String {
    let mut text = declaration(message, one);
    if !one.fields.iter().all(default_is_plain) {
        text.push_str(&default_impl(one));
    }
    let read = read_fields(message, one, &OwnedReader);
    let write = write_body(message, one);
    let version_of = |body: &str| if uses_version(body) { "version" } else { "_" };
    text.push_str(&format!(
        "impl Element for {name} {{
            const SIZE_MIN: usize = {size};

            fn read(input: &mut Reader<'_>, {read_version}: i16) -> Result<Self, DecodeError> {{
                {read}
            }}

            fn write(&self, out: &mut Writer<'_>, {write_version}: i16) -> Result<(), EncodeError> {{
                {write}Ok(())
            }}
        }}\n\n",
        name = one.name,
        size = struct_size_min(message, &one.name),
        read_version = version_of(&read),
        write_version = version_of(&write),
    ));
    text
}

fn declaration(message: &Message, one: &Struct) -> String {
    let default = if one.fields.iter().all(default_is_plain) { "Default, " } else { "" };
    let copy = if is_plain(message, one) { "Copy, " } else { "" };
    let mut text = String::new();
    if one.name == message.name {
        text.push_str(&format!("/// {}\n", message_text(message)));
    }
    text.push_str(&format!(
        "#[derive(Clone, {copy}Debug, {default}PartialEq)]\npub struct {} {{\n",
        one.name
    ));
    for field in &one.fields {
        if let Some(doc) = field_text(field, one.versions) {
            text.push_str(&format!("/// {doc}\n"));
        }
        let kind = rust_type(&field.kind);
        let kind = if is_option(field) { format!("Option<{kind}>") } else { kind };
        text.push_str(&format!("pub {}: {kind},\n", field_name(field)));
    }
    text.push_str("}\n\n");
    text
}

fn message_text(message: &Message) -> String {
    let mut text = version_text(message.versions);
    text.replace_range(..1, "V");
    match message.flexible {
        Some(flexible) if flexible == message.versions => text.push_str(", flexible"),
        Some(flexible) => text.push_str(&format!(", flexible from {}", flexible.min)),
        None => {}
    }
    if let Some(version) = message.unstable {
        text.push_str(&format!("; version {version} is unstable"));
    }
    text.push('.');
    text
}

fn field_text(field: &Field, within: Versions) -> Option<String> {
    let mut facts = Vec::new();
    if field.versions != within {
        facts.push(version_text(field.versions));
    }
    if let Some(tag) = field.tag {
        facts.push(format!("tag {tag}"));
    }
    if let Some(nullable) = field.nullable
        && nullable != field.versions
    {
        facts.push(format!("null in {}", version_text(nullable)));
    }
    if field.ignorable && field.versions != within {
        facts.push("left out elsewhere".to_owned());
    }
    if facts.is_empty() {
        return None;
    }
    let mut text = facts.join(", ");
    let first = text.chars().next()?.to_uppercase().to_string();
    text.replace_range(..1, &first);
    Some(format!("{text}."))
}

fn default_impl(one: &Struct) -> String {
    let values: Vec<_> =
        one.fields.iter().map(|f| format!("{}: {},", field_name(f), default_value(f))).collect();
    format!(
        "impl Default for {} {{
            fn default() -> Self {{
                Self {{ {} }}
            }}
        }}\n\n",
        one.name,
        values.join("\n"),
    )
}

pub fn struct_size_min(message: &Message, name: &str) -> usize {
    let Some(one) = message.structs.iter().find(|one| one.name == name) else { return 0 };
    let in_version = |version| {
        let flexible = message.flexible.is_some_and(|flexible| flexible.contains(version));
        let fields = one.fields.iter().filter(|f| f.versions.contains(version) && f.tag.is_none());
        let sizes = fields.map(|field| match (&field.kind, field.nullable) {
            (Type::Struct(_), Some(_)) => 1,
            (kind, _) => size_min(kind, flexible, &|name| struct_size_min(message, name)),
        });
        sizes.sum::<usize>() + usize::from(flexible)
    };
    (one.versions.min..=one.versions.max).map(in_version).min().unwrap_or(0)
}

/// How a value of each type is read: owned, or as a view.
pub trait FieldReader {
    /// The expressions for a value that cannot be null, and for one that can.
    fn present_and_nullable(&self, kind: &Type) -> (String, String);
}

struct OwnedReader;

impl FieldReader for OwnedReader {
    fn present_and_nullable(&self, kind: &Type) -> (String, String) {
        let (present, nullable) = match kind {
            Type::String => ("input.string()?", "input.nullable_string()?"),
            Type::Bytes | Type::Records => ("input.bytes()?", "input.nullable_bytes()?"),
            Type::Array(_) => ("input.array(version)?", "input.nullable_array(version)?"),
            Type::Struct(_) => {
                ("Element::read(input, version)?", "input.nullable_struct(version)?")
            }
            primitive => {
                return (format!("input.{}()?", primitive_method(primitive)), String::new());
            }
        };
        (present.to_owned(), nullable.to_owned())
    }
}

/// The body of a `read` function.
pub fn read_fields(message: &Message, one: &Struct, reader: &dyn FieldReader) -> String {
    let mut text = String::new();
    for field in one.fields.iter().filter(|field| field.tag.is_none()) {
        let statement = format!("it.{} = {};", field_name(field), read_value(field, reader));
        match version_test(field.versions, one.versions) {
            Some(test) => text.push_str(&format!("if {test} {{ {statement} }}\n")),
            None => text.push_str(&format!("{statement}\n")),
        }
    }
    text.push_str(&read_tagged_fields(message, one, reader));
    let binding = if text.contains("it.") { "let mut it" } else { "let it" };
    format!("{binding} = Self::default();\n{text}Ok(it)")
}

/// The versions of the struct that have tagged fields, known or not.
fn flexible_versions(message: &Message, one: &Struct) -> Option<Versions> {
    message.flexible.and_then(|flexible| flexible.intersect(one.versions))
}

fn read_tagged_fields(message: &Message, one: &Struct, reader: &dyn FieldReader) -> String {
    let Some(flexible) = flexible_versions(message, one) else { return String::new() };
    let arms: Vec<_> = tagged(one)
        .map(|(tag, field)| {
            let test = version_test(field.versions, flexible);
            let test = test.map(|test| format!(" if {test}")).unwrap_or_default();
            format!("{tag}{test} => it.{} = {},", field_name(field), read_value(field, reader))
        })
        .collect();
    if arms.is_empty() {
        return "input.skip_tagged_fields()?;\n".to_owned();
    }
    format!(
        "input.tagged_fields(|input, tag| {{
            match tag {{
                {}
                _ => return Ok(false),
            }}
            Ok(true)
        }})?;\n",
        arms.join("\n")
    )
}

/// The tagged fields in the order of their tags.
fn tagged(one: &Struct) -> impl Iterator<Item = (u32, &Field)> {
    let mut fields: Vec<_> = one.fields.iter().filter_map(|f| f.tag.map(|tag| (tag, f))).collect();
    fields.sort_by_key(|(tag, _)| *tag);
    fields.into_iter()
}

fn read_value(field: &Field, reader: &dyn FieldReader) -> String {
    if field.plain {
        return "input.plain_nullable_str()?.map(str::to_owned)".to_owned();
    }
    let (present, mut nullable) = reader.present_and_nullable(&field.kind);
    if field.tag.is_some() {
        nullable = nullable.replace("nullable_struct", "nullable_tagged_struct");
    }
    match field.nullable {
        None if is_option(field) => format!("Some({present})"),
        None => present,
        Some(versions) => match version_test(versions, field.versions) {
            None => nullable,
            Some(test) => format!("if {test} {{ {nullable} }} else {{ Some({present}) }}"),
        },
    }
}

/// Whether the struct holds only numbers and structs of numbers.
pub fn is_plain(message: &Message, one: &Struct) -> bool {
    one.fields.iter().all(|field| match &field.kind {
        Type::String | Type::Bytes | Type::Records | Type::Array(_) => false,
        Type::Struct(name) => {
            let inner = message.structs.iter().find(|one| one.name == *name);
            inner.is_some_and(|inner| is_plain(message, inner))
        }
        _ => true,
    })
}

fn write_body(message: &Message, one: &Struct) -> String {
    let mut text = String::new();
    let path = |field: &Field| {
        let inner = if one.name == message.name { "" } else { &format!(".{}", one.name) };
        format!("\"{}{inner}.{}\"", message.name, field.name)
    };
    for field in &one.fields {
        let absent = (!field.ignorable).then(|| {
            format!(
                "return Err(EncodeError::FieldNotInVersion {{ field: {}, version }});",
                path(field)
            )
        });
        let test = version_test(field.versions, one.versions);
        let outside = version_outside(field.versions, one.versions);
        let differs = differs_from_default(field);
        match (field.tag, test, absent) {
            (None, None, _) => text.push_str(&format!("{};\n", write_value(field, &path(field)))),
            (None, Some(test), absent) => {
                text.push_str(&format!("if {test} {{ {}; }}", write_value(field, &path(field))));
                if let Some(absent) = absent {
                    text.push_str(&format!(" else if {differs} {{ {absent} }}"));
                }
                text.push('\n');
            }
            (Some(_), _, Some(absent)) => {
                if let Some(outside) = outside {
                    text.push_str(&format!("if {outside} && {differs} {{ {absent} }}\n"));
                }
            }
            (Some(_), _, None) => {}
        }
    }
    text.push_str(&write_tagged_fields(message, one, &path));
    text
}

fn write_tagged_fields(message: &Message, one: &Struct, path: &dyn Fn(&Field) -> String) -> String {
    let Some(_) = flexible_versions(message, one) else { return String::new() };
    let mut text = String::new();
    for (tag, field) in tagged(one) {
        let test = version_test(field.versions, one.versions);
        let test = test.map(|test| format!("{test} && ")).unwrap_or_default();
        let value = write_value(field, &path(field));
        let value = match value.strip_suffix('?') {
            Some(fallible) => fallible.to_owned(),
            None => format!("{{ {value}; Ok(()) }}"),
        };
        text.push_str(&format!(
            "if {test}{} {{ out.tagged_field(&mut tags, {tag}, |out| {value})?; }}\n",
            differs_from_default(field)
        ));
    }
    if text.is_empty() {
        return "out.no_tagged_fields();\n".to_owned();
    }
    format!("let mut tags = out.begin_tagged_fields();\n{text}out.end_tagged_fields(tags);\n")
}

fn write_value(field: &Field, path: &str) -> String {
    let place = format!("self.{}", field_name(field));
    let (method, inner, suffix, version) = match &field.kind {
        Type::String => ("string", "&", ".as_deref()", ""),
        Type::Bytes | Type::Records => ("bytes", "&", ".as_deref()", ""),
        Type::Array(_) => ("array", "&", ".as_deref()", ", version"),
        Type::Struct(_) => ("struct", "", ".as_ref()", ", version"),
        primitive => return format!("out.{}({place})", primitive_method(primitive)),
    };
    let of_struct = if field.tag.is_some() { "tagged_struct" } else { "struct" };
    let nullable = if method == "struct" { of_struct } else { method };
    let nullable = format!("out.nullable_{nullable}({place}{suffix}{version})?");
    let present = |value: String| match method {
        "struct" => format!("{value}.write(out, version)?"),
        _ => format!("out.{method}({value}{version})?"),
    };
    let required = present(format!("required({place}{suffix}, {path})?"));
    match field.nullable {
        _ if field.plain => format!("out.plain_nullable_string({place}.as_deref())?"),
        None if is_option(field) => required,
        None => present(format!("{inner}{place}")),
        Some(versions) => match version_test(versions, field.versions) {
            None => nullable,
            Some(test) => format!("if {test} {{ {nullable} }} else {{ {required} }}"),
        },
    }
}
