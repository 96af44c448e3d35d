//! What exists: API keys and error codes.

use super::emit::{camel_case, version_range};
use super::spec::Spec;

pub fn root_module() -> String {
    "#![allow(
        clippy::derivable_impls,
        clippy::field_reassign_with_default,
        clippy::large_enum_variant,
        clippy::too_many_lines,
        clippy::useless_conversion,
        reason = \"generated code is written for its generator\"
    )]

    mod api_key;
    mod error_code;
    pub mod messages;
    pub mod records;
    #[cfg(feature = \"schema\")]
    pub(crate) mod schema;

    pub use api_key::ApiKey;
    pub(crate) use api_key::{FACTS, KAFKA_COUNT, OWN_KEY_MIN};
    pub use error_code::ErrorCode;
    "
    .to_owned()
}

pub fn error_code(spec: &Spec) -> String {
    let each = |line: &dyn Fn(&str, &super::spec::ErrorSpec) -> String| -> String {
        spec.errors.iter().map(|error| line(&camel_case(&error.name), error)).collect()
    };
    format!(
        "/// What a response says went wrong, as a number on the wire.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(i16)]
        pub enum ErrorCode {{ {variants} }}

        impl ErrorCode {{
            pub const ALL: [Self; {count}] = [{all}];

            /// The number on the wire.
            pub const fn code(self) -> i16 {{
                self as i16
            }}

            /// `None` for a code that Apache Kafka 4.4 does not know.
            pub const fn from_code(code: i16) -> Option<Self> {{
                Some(match code {{
                    {from}
                    _ => return None,
                }})
            }}

            /// Kafka's name, such as `OFFSET_OUT_OF_RANGE`.
            pub const fn name(self) -> &'static str {{
                match self {{ {names} }}
            }}

            /// Whether a client may send the same request again.
            pub const fn is_retriable(self) -> bool {{
                matches!(self, {retriable})
            }}

            /// What it tells a person.
            pub const fn message(self) -> &'static str {{
                match self {{ {texts} }}
            }}
        }}

        impl std::fmt::Display for ErrorCode {{
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{
                formatter.write_str(self.name())
            }}
        }}",
        count = spec.errors.len(),
        variants = each(&|name, error| format!(
            "/// {}\n{}{name} = {},\n",
            error.text,
            if error.code == 0 { "#[default]\n" } else { "" },
            error.code
        )),
        all = each(&|name, _| format!("Self::{name},")),
        from = each(&|name, error| format!("{} => Self::{name},\n", error.code)),
        names = each(&|name, error| format!("Self::{name} => \"{}\",\n", error.name)),
        retriable = spec
            .errors
            .iter()
            .filter(|error| error.retriable)
            .map(|error| format!("Self::{}", camel_case(&error.name)))
            .collect::<Vec<_>>()
            .join(" | "),
        texts = each(&|name, error| format!("Self::{name} => \"{}\",\n", error.text)),
    )
}

pub fn api_key(spec: &Spec) -> String {
    let variants: String =
        spec.apis.iter().map(|api| format!("{} = {},\n", api.name, api.key)).collect();
    let all: String = spec.apis.iter().map(|api| format!("Self::{},", api.name)).collect();
    let facts: String = spec
        .apis
        .iter()
        .map(|api| {
            let request = api.request.as_ref();
            let unstable = request.and_then(|request| request.unstable);
            let response = api.response.as_ref();
            format!(
                "ApiFacts {{
                    name: \"{}\",
                    versions: {},
                    request_flexible: {},
                    response_flexible: {},
                    unstable: {unstable:?},
                    broker: {},
                    controller: {},
                    forwardable: {},
                    cluster_action: {},
                }},\n",
                api.name,
                version_range(request.map(|request| request.versions)),
                version_range(request.and_then(|request| request.flexible)),
                version_range(response.and_then(|response| response.flexible)),
                api.broker,
                api.controller,
                api.forward,
                api.cluster_action,
            )
        })
        .collect();
    format!(
        "use crate::VersionRange;
        use crate::api_key::ApiFacts;

        /// What a request asks for, as a number on the wire.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(i16)]
        pub enum ApiKey {{ {variants} }}

        impl ApiKey {{
            /// In the order of their numbers, those of removed APIs included; Ottla's own come last.
            pub const ALL: [Self; {count}] = [{all}];
        }}

        /// The number of the first of Ottla's own APIs.
        pub(crate) const OWN_KEY_MIN: i16 = {own};

        /// How many APIs Apache Kafka has.
        pub(crate) const KAFKA_COUNT: usize = {of_kafka};

        /// In the order of the keys, which have one gap: before Ottla's own.
        pub(crate) static FACTS: [ApiFacts; {count}] = [{facts}];
        ",
        count = spec.apis.len(),
        own = super::spec::OWN_KEY_MIN,
        of_kafka = spec.apis.partition_point(|api| api.key < super::spec::OWN_KEY_MIN),
    )
}
