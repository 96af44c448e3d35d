//! Small pieces of Rust: names, types, conditions.

use super::spec::{Field, Type, Versions};

/// `FetchOffset` and `fetchOffset` become `fetch_offset`.
pub fn snake_case(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    let mut text = String::new();
    for (index, &c) in characters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| characters.get(index));
        let after_word = before.is_some_and(|b| !b.is_ascii_uppercase());
        let ends_capitals =
            before.is_some() && characters.get(index + 1).is_some_and(char::is_ascii_lowercase);
        if c.is_ascii_uppercase() && (after_word || ends_capitals) {
            text.push('_');
        }
        text.push(c.to_ascii_lowercase());
    }
    text
}

/// `OFFSET_OUT_OF_RANGE` becomes `OffsetOutOfRange`; `fetch_session` becomes `FetchSession`.
pub fn camel_case(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let (first, rest) = word.split_at(1);
        format!("{}{}", first.to_uppercase(), rest.to_lowercase())
    });
    words.collect()
}

pub fn field_name(field: &Field) -> String {
    let name = snake_case(&field.name);
    if matches!(name.as_str(), "type" | "match") { format!("r#{name}") } else { name }
}

pub fn is_option(field: &Field) -> bool {
    field.nullable.is_some() || field.kind == Type::Records
}

pub fn rust_type(kind: &Type) -> String {
    match kind {
        Type::Bool => "bool".to_owned(),
        Type::Int8 => "i8".to_owned(),
        Type::Int16 => "i16".to_owned(),
        Type::Uint16 => "u16".to_owned(),
        Type::Int32 => "i32".to_owned(),
        Type::Uint32 => "u32".to_owned(),
        Type::Int64 => "i64".to_owned(),
        Type::Float64 => "f64".to_owned(),
        Type::Uuid => "Uuid".to_owned(),
        Type::String => "String".to_owned(),
        Type::Bytes | Type::Records => "Bytes".to_owned(),
        Type::Struct(name) => name.clone(),
        Type::Array(element) => format!("Vec<{}>", rust_type(element)),
    }
}

/// The method of `Reader` and `Writer` for a type of fixed size.
pub fn primitive_method(kind: &Type) -> String {
    if *kind == Type::Uuid { "uuid".to_owned() } else { rust_type(kind) }
}

/// Bytes that a value takes at least, given those of the structs.
pub fn size_min(kind: &Type, flexible: bool, of_struct: &dyn Fn(&str) -> usize) -> usize {
    match kind {
        Type::Bool | Type::Int8 => 1,
        Type::Int16 | Type::Uint16 => 2,
        Type::Int32 | Type::Uint32 => 4,
        Type::Int64 | Type::Float64 => 8,
        Type::Uuid => 16,
        Type::String if !flexible => 2,
        Type::Bytes | Type::Records | Type::Array(_) if !flexible => 4,
        Type::String | Type::Bytes | Type::Records | Type::Array(_) => 1,
        Type::Struct(name) => of_struct(name),
    }
}

/// The test that `version` is in `versions`, given that it is in `within`; `None` when it always is.
pub fn version_test(versions: Versions, within: Versions) -> Option<String> {
    let Versions { min, max } = versions;
    match (min > within.min, max < within.max) {
        (false, false) => None,
        _ if min == max => Some(format!("version == {min}")),
        (true, false) => Some(format!("version >= {min}")),
        (false, true) => Some(format!("version <= {max}")),
        (true, true) => Some(format!("({min}..={max}).contains(&version)")),
    }
}

/// The opposite of [`version_test`].
pub fn version_outside(versions: Versions, within: Versions) -> Option<String> {
    let Versions { min, max } = versions;
    match (min > within.min, max < within.max) {
        (false, false) => None,
        (true, false) => Some(format!("version < {min}")),
        (false, true) => Some(format!("version > {max}")),
        (true, true) => Some(format!("!({min}..={max}).contains(&version)")),
    }
}

/// Versions as a constant expression.
pub fn version_range(versions: Option<Versions>) -> String {
    match versions {
        Some(Versions { min, max }) => format!("VersionRange::new({min}, {max})"),
        None => "VersionRange::NONE".to_owned(),
    }
}

/// Versions as a sentence says them.
pub fn version_text(versions: Versions) -> String {
    if versions.min == versions.max {
        format!("version {}", versions.min)
    } else {
        format!("versions {} to {}", versions.min, versions.max)
    }
}

/// Whether the code uses the variable `version`.
pub fn uses_version(code: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    code.match_indices("version").any(|(index, text)| {
        let before = code.get(..index).and_then(|text| text.chars().next_back());
        let after = code.get(index + text.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(word) && !after.is_some_and(word)
    })
}

/// Default value as an expression.
pub fn default_value(field: &Field) -> String {
    let default = field.default.as_deref();
    if default == Some("null") || (field.kind == Type::Records && default.is_none()) {
        return "None".to_owned();
    }
    let value = match (&field.kind, default) {
        (Type::String, Some(text)) => format!("\"{text}\".to_owned()"),
        (Type::Float64, Some(number)) => format!("{number}_f64"),
        (_, Some(value)) => group_digits(value),
        (Type::Bool, None) => "false".to_owned(),
        (Type::Float64, None) => "0.0".to_owned(),
        (Type::String, None) => "String::new()".to_owned(),
        (Type::Bytes | Type::Records, None) => "Bytes::new()".to_owned(),
        (Type::Array(_), None) => "Vec::new()".to_owned(),
        (Type::Struct(name), None) => format!("{name}::default()"),
        (Type::Uuid, None) => "Uuid::ZERO".to_owned(),
        (_, None) => "0".to_owned(),
    };
    if is_option(field) { format!("Some({value})") } else { value }
}

/// Whether Rust's own default for the type is the field's.
pub fn default_is_plain(field: &Field) -> bool {
    match field.default.as_deref() {
        None => !is_option(field) || field.kind == Type::Records,
        Some("null") => true,
        Some(_) => false,
    }
}

/// The test that the field of `self` is not at its default.
pub fn differs_from_default(field: &Field) -> String {
    let place = format!("self.{}", field_name(field));
    let default = field.default.as_deref();
    if is_option(field) {
        if default_value(field) == "None" {
            return format!("{place}.is_some()");
        }
        return match (&field.kind, default) {
            (Type::String, text) => {
                format!("{place}.as_deref() != Some(\"{}\")", text.unwrap_or_default())
            }
            (Type::Struct(name), _) => format!("{place}.as_ref() != Some(&{name}::default())"),
            _ => format!("{place}.as_ref().is_none_or(|value| !value.is_empty())"),
        };
    }
    match (&field.kind, default) {
        (Type::Bool, Some("true")) => format!("!{place}"),
        (Type::Bool, _) => place,
        (Type::String, Some(text)) => format!("{place} != \"{text}\""),
        (Type::String | Type::Bytes | Type::Array(_), _) => format!("!{place}.is_empty()"),
        (Type::Uuid, _) => format!("!{place}.is_zero()"),
        (Type::Struct(name), _) => format!("{place} != {name}::default()"),
        _ => format!("{place} != {}", default_value(field)),
    }
}

fn group_digits(number: &str) -> String {
    let Ok(parsed) = number.parse::<i64>() else { return number.to_owned() };
    match parsed {
        i64::MAX => return "i64::MAX".to_owned(),
        2_147_483_647 => return "i32::MAX".to_owned(),
        -2_147_483_648 => return "i32::MIN".to_owned(),
        _ => {}
    }
    let digits = parsed.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    if parsed < 0 { format!("-{text}") } else { text }
}
