//! `docs/configs.md` says of every setting what it does here. `UPDATE=1` writes it anew.

use std::fmt::Write;
use std::path::Path;

use settings::{DefaultText, Effect, Setting, Table, broker, client_metrics, group, topic};

#[test]
fn the_page_of_settings_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configs.md");
    let page = page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).expect("the page is written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/configs.md is stale: cargo xtask fix writes it anew");
}

fn page() -> String {
    let mut page = String::from(
        "# Settings\n\nEvery setting of Apache Kafka 4.4, and Ottla's own, with what it does here. Made from `crates/settings` by \
         `cargo xtask fix`.\n\n\
         - **live**: counts at once when it changes. **restart**: counts from the next start.\n\
         - **none yet**: taken, checked and described, and without effect in this version. The start lists each that is set.\n\
         - **Java**: names a Java class or what belongs to one, which only Java can load: without effect.\n\n\
         Settings of a broker come from a file of properties, from `KAFKA_…` variables, from `--set`, and, where *changes* says so, \
         from `kafka-configs` while it runs.\n",
    );
    let tables = [
        ("Broker", broker()),
        ("Topic", topic()),
        ("Group", group()),
        ("Client metrics", client_metrics()),
    ];
    page.push_str(
        "\n| | live | restart | none yet | Java | all |\n|---|---:|---:|---:|---:|---:|\n",
    );
    for (title, table) in tables {
        let count = |word: &str| table.iter().filter(|setting| effect(setting) == word).count();
        let [live, restart, none, java] = ["live", "restart", "none yet", "Java"].map(count);
        let _ = writeln!(
            page,
            "| {title} | {live} | {restart} | {none} | {java} | {} |",
            table.count()
        );
    }
    for (title, table) in tables {
        push_table(&mut page, title, table);
    }
    page
}

fn push_table(page: &mut String, title: &str, table: &Table) {
    let _ = writeln!(
        page,
        "\n## {title}\n\n| name | type | default | allowed | changes | effect | what it says |\n|---|---|---|---|---|---|---|"
    );
    for setting in table.iter() {
        let default = match setting.default {
            DefaultText::Null => "none".to_owned(),
            DefaultText::Required => "see text".to_owned(),
            DefaultText::Text("") => "empty".to_owned(),
            DefaultText::Text(text) => format!("`{text}`"),
        };
        let from: String = match setting.from {
            [] => String::new(),
            names => format!(" Without it: `{}`.", names.join("`, `")),
        };
        let _ = writeln!(
            page,
            "| `{}` | {} | {default} | {} | {} | {} | {}{from} |",
            setting.name,
            setting.kind.name(),
            setting.allowed_text().replace('|', "\\|"),
            setting.dynamic.name(),
            effect(setting),
            setting.text,
        );
    }
}

fn effect(setting: &Setting) -> &'static str {
    match setting.effect {
        Effect::NoneYet if setting.is_java_class() => "Java",
        effect => effect.name(),
    }
}
