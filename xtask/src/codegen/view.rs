//! Borrowed views of requests: the same fields as the owned structs, pointing into the frame.

use super::emit::{default_value, field_name, is_option, primitive_method, rust_type};
use super::spec::{Field, Message, Struct, Type};
use super::structs::{FieldReader, is_plain, read_fields, struct_size_min};

pub fn emit(message: &Message) -> String {
    let views = message
        .structs
        .iter()
        .map(|one| if is_plain(message, one) { plain_view(one) } else { view(message, one) });
    let mut text: String = views.collect();
    text.push_str(&format!(
        "impl<'a> {name}View<'a> {{
            /// Checks the whole request, which must end with the bytes, and allocates nothing.
            pub fn parse(data: &'a [u8], version: i16) -> Result<Self, DecodeError> {{
                parse_view::<{name}, Self>(data, version)
            }}
        }}\n\n",
        name = message.name,
    ));
    text
}

/// A struct of numbers is its own view.
fn plain_view(one: &Struct) -> String {
    format!(
        "impl View<'_> for {name} {{
            const SIZE_MIN: usize = <Self as Element>::SIZE_MIN;

            fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {{
                Element::read(input, version)
            }}
        }}\n\n",
        name = one.name,
    )
}

fn view(message: &Message, one: &Struct) -> String {
    let name = &one.name;
    let fields: String = one
        .fields
        .iter()
        .map(|field| {
            let kind = view_type(message, &field.kind);
            let kind = if is_option(field) { format!("Option<{kind}>") } else { kind };
            format!("pub {}: {kind},\n", field_name(field))
        })
        .collect();
    let defaults: String = one
        .fields
        .iter()
        .map(|field| format!("{}: {},\n", field_name(field), view_default(message, field)))
        .collect();
    let owned: String = one
        .fields
        .iter()
        .map(|field| format!("{}: {},\n", field_name(field), owned_value(field)))
        .collect();
    let read = read_fields(message, one, &ViewReader);
    let version = if super::emit::uses_version(&read) { "version" } else { "_" };
    format!(
        "/// A [`{name}`] that borrows from the frame.
        #[derive(Clone, Copy, Debug)]
        pub struct {name}View<'a> {{ {fields} }}

        impl Default for {name}View<'_> {{
            fn default() -> Self {{
                Self {{ {defaults} }}
            }}
        }}

        impl<'a> View<'a> for {name}View<'a> {{
            const SIZE_MIN: usize = {size};

            fn read(input: &mut Reader<'a>, {version}: i16) -> Result<Self, DecodeError> {{
                {read}
            }}
        }}

        impl From<{name}View<'_>> for {name} {{
            fn from(it: {name}View<'_>) -> Self {{
                Self {{ {owned} }}
            }}
        }}\n\n",
        size = struct_size_min(message, name),
    )
}

fn view_type(message: &Message, kind: &Type) -> String {
    match kind {
        Type::String => "&'a str".to_owned(),
        Type::Bytes | Type::Records => "&'a [u8]".to_owned(),
        Type::Array(element) => format!("ArrayView<'a, {}>", view_type(message, element)),
        Type::Struct(name) => {
            let one = message.structs.iter().find(|one| one.name == *name);
            let plain = one.is_some_and(|one| is_plain(message, one));
            if plain { name.clone() } else { format!("{name}View<'a>") }
        }
        primitive => rust_type(primitive),
    }
}

fn view_default(message: &Message, field: &Field) -> String {
    if default_value(field) == "None" {
        return "None".to_owned();
    }
    let value = match &field.kind {
        Type::String => format!("\"{}\"", field.default.as_deref().unwrap_or_default()),
        Type::Bytes | Type::Records => "&[]".to_owned(),
        Type::Array(_) => "ArrayView::empty()".to_owned(),
        Type::Struct(_) => {
            format!("{}::default()", view_type(message, &field.kind).replace("<'a>", ""))
        }
        _ => return default_value(field),
    };
    if is_option(field) { format!("Some({value})") } else { value }
}

/// The field of a view `it`, made owned.
fn owned_value(field: &Field) -> String {
    let place = format!("it.{}", field_name(field));
    let each = match &field.kind {
        Type::String => "str::to_owned",
        Type::Bytes | Type::Records => "Bytes::copy_from_slice",
        Type::Array(_) => "|array| array.iter().map(Into::into).collect()",
        Type::Struct(_) => return format!("{place}.into()"),
        _ => return place,
    };
    if is_option(field) {
        return format!("{place}.map({each})");
    }
    match &field.kind {
        Type::Array(_) => format!("{place}.iter().map(Into::into).collect()"),
        _ => format!("{each}({place})"),
    }
}

struct ViewReader;

impl FieldReader for ViewReader {
    fn present_and_nullable(&self, kind: &Type) -> (String, String) {
        let (present, nullable) = match kind {
            Type::String => ("input.str()?", "input.nullable_str()?"),
            Type::Bytes | Type::Records => ("input.slice()?", "input.nullable_slice()?"),
            Type::Array(_) => {
                ("ArrayView::read(input, version)?", "ArrayView::read_nullable(input, version)?")
            }
            // The parser refuses a nullable struct in a view.
            Type::Struct(_) => ("View::read(input, version)?", ""),
            primitive => {
                return (format!("input.{}()?", primitive_method(primitive)), String::new());
            }
        };
        (present.to_owned(), nullable.to_owned())
    }
}
