//! `RESULTS.md`: what must be and what is, then each table's last run.

use std::fs;
use std::path::Path;

use testkit::{Failed, KAFKA_VERSION};

use crate::broker::Kind;
use crate::musts::{self, Must};
use crate::rows::{self, DISCARDED, Row, STEAL};
use crate::statistics::{Estimate, estimate};
use crate::tables;

/// Writes the page from the rows that are kept.
pub(crate) fn write(results: &Path, page: &Path) -> Result<(), Failed> {
    let mut found = Vec::new();
    for table in tables::ALL {
        let path = results.join(format!("{}.tsv", table.name));
        if path.exists() {
            found.push((table, last_run(rows::read(&path)?)));
        }
    }
    let of = |name: &str| {
        let table = found.iter().find(|(table, _)| table.name == name);
        table.map_or(&[][..], |(_, rows)| rows.as_slice())
    };
    let mut text = format!(
        "# Ottla beside Apache Kafka {KAFKA_VERSION}\n\n\
         Written by `cargo run --release -p bench` from the rows in `results/`; how each is measured is in [README.md](README.md).\n\n\
         | table | load | figure | broker | must | measured | Kafka | met |\n|---|---|---|---|---|---:|---:|---|\n"
    );
    for must in musts::ALL {
        text += &verdict(must, of(must.table));
    }
    for (table, rows) in &found {
        text += &section(table, rows);
    }
    fs::write(page, text).map_err(|error| Failed(format!("write {}: {error}", page.display())))
}

fn last_run(mut rows: Vec<Row>) -> Vec<Row> {
    if let Some(run) = rows.last().map(|row| row.run.clone()) {
        rows.retain(|row| row.run == run);
    }
    rows
}

fn values(rows: &[Row], kind: Kind, load: &str, figure: &str) -> Vec<(usize, f64)> {
    let wanted = rows
        .iter()
        .filter(|row| row.broker == kind.name() && row.load == load && row.figure == figure);
    wanted.map(|row| (row.round, row.value)).collect()
}

fn figure(rows: &[Row], kind: Kind, load: &str, figure: &str) -> Option<Estimate> {
    let values: Vec<f64> =
        values(rows, kind, load, figure).into_iter().map(|(_, value)| value).collect();
    estimate(&values)
}

/// Of Apache Kafka's figure in the same round.
fn share(rows: &[Row], kind: Kind, load: &str, figure: &str) -> Option<Estimate> {
    let kafka = values(rows, Kind::Kafka, load, figure);
    let own = values(rows, kind, load, figure);
    let shares: Vec<f64> = own
        .iter()
        .filter_map(|(round, own)| {
            let (_, kafka) = kafka.iter().find(|(other, _)| other == round)?;
            (*kafka > 0.0).then(|| own / kafka)
        })
        .collect();
    estimate(&shares)
}

fn verdict(must: &Must, rows: &[Row]) -> String {
    let Must { table, load, figure: name, kind, limit } = must;
    let own = figure(rows, *kind, load, name);
    let kafka = figure(rows, Kind::Kafka, load, name);
    let judged = if limit.is_share() { share(rows, *kind, load, name) } else { own };
    let shown = match (own, judged) {
        (Some(own), Some(judged)) if limit.is_share() => {
            format!("{} = {}", number(own.median), interval(judged))
        }
        (Some(own), _) => interval(own),
        (None, _) => "not run".into(),
    };
    let met = match judged {
        None => "–",
        Some(judged) if limit.is_met(judged.median) => "yes",
        Some(_) => "**no**",
    };
    let kafka = kafka.map_or_else(|| "not run".into(), |kafka| number(kafka.median));
    let (kind, limit) = (kind.name(), limit.words());
    format!("| {table} | {load} | {name} | {kind} | {limit} | {shown} | {kafka} | {met} |\n")
}

fn section(table: &tables::Table, rows: &[Row]) -> String {
    let Some(first) = rows.first() else { return String::new() };
    let mut text = format!(
        "\n## {}\n\n{}. Run of {} at commit {}: `{}` on {}.{}\n\n| load | figure |",
        table.name,
        table.text,
        first.run,
        first.commit,
        first.command,
        first.machine,
        neighbours(rows)
    );
    for kind in Kind::ALL {
        text += &format!(" {} |", kind.name());
    }
    text += " durable ÷ Kafka | `os` ÷ Kafka |\n|---|---|---:|---:|---:|---:|---:|\n";
    let mut named: Vec<(&str, &str)> = Vec::new();
    for row in rows.iter().filter(|row| row.figure != STEAL && row.figure != DISCARDED) {
        if !named.contains(&(&row.load, &row.figure)) {
            named.push((&row.load, &row.figure));
        }
    }
    for (load, name) in named {
        text += &format!("| {load} | {name} |");
        for kind in Kind::ALL {
            let found = figure(rows, kind, load, name);
            let shown = found.map_or_else(|| "not run".into(), |found| number(found.median));
            text += &format!(" {shown} |");
        }
        for kind in [Kind::OttlaDurable, Kind::OttlaOs] {
            let found = share(rows, kind, load, name);
            text += &format!(" {} |", found.map_or_else(|| "–".into(), interval));
        }
        text.push('\n');
    }
    text
}

/// What others on the same host took while the figures were measured.
fn neighbours(rows: &[Row]) -> String {
    let of = |figure: &str| -> Vec<f64> {
        rows.iter().filter(|row| row.figure == figure).map(|row| row.value).collect()
    };
    let (steal, discarded) = (of(STEAL), of(DISCARDED));
    let Some(most) = steal.iter().copied().reduce(f64::max) else { return String::new() };
    format!(
        " Others on the host had {} % of the machine's time at most in what is shown; {} measurements of {} were thrown \
         away for more than 2 %.",
        number(most),
        discarded.iter().sum::<f64>(),
        to_f64(steal.len()) + discarded.iter().sum::<f64>(),
    )
}

fn to_f64(count: usize) -> f64 {
    count as f64
}

fn interval(estimate: Estimate) -> String {
    let Estimate { median, low, high, count } = estimate;
    match count {
        1 => number(median),
        _ => format!("{} ({}–{})", number(median), number(low), number(high)),
    }
}

/// Three significant digits.
fn number(value: f64) -> String {
    match value.abs() {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        1.0.. => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::musts::Limit;

    fn row(round: usize, kind: Kind, value: f64) -> Row {
        Row {
            run: "r".into(),
            commit: "c".into(),
            machine: "m".into(),
            command: "x".into(),
            round,
            broker: kind.name().into(),
            load: "l".into(),
            figure: "f".into(),
            value,
        }
    }

    #[test]
    fn a_share_is_taken_within_a_round() {
        let rows = [
            row(0, Kind::Kafka, 4.0),
            row(0, Kind::OttlaOs, 2.0),
            row(1, Kind::OttlaOs, 5.0),
            row(1, Kind::Kafka, 20.0),
            row(2, Kind::OttlaOs, 1.0),
        ];
        let found = share(&rows, Kind::OttlaOs, "l", "f").unwrap();
        assert_eq!((found.median, found.count), (0.375, 2));
        assert_eq!(share(&rows, Kind::OttlaDurable, "l", "f"), None);
    }

    #[test]
    fn a_demand_is_judged_by_its_share_or_by_the_figure() {
        let rows = [row(0, Kind::Kafka, 4.0), row(0, Kind::OttlaOs, 2.0)];
        let must = |limit| Must { table: "t", load: "l", figure: "f", kind: Kind::OttlaOs, limit };
        assert!(verdict(&must(Limit::ShareAtMost(0.5)), &rows).ends_with("| yes |\n"));
        assert!(verdict(&must(Limit::ShareAtMost(0.4)), &rows).ends_with("| **no** |\n"));
        assert!(verdict(&must(Limit::Below(2.5)), &rows).ends_with("| yes |\n"));
        assert!(verdict(&must(Limit::Below(2.5)), &[]).ends_with("| – |\n"));
    }

    #[test]
    fn every_demand_is_of_a_table_that_can_be_run() {
        for must in musts::ALL {
            assert!(tables::ALL.iter().any(|table| table.name == must.table), "{}", must.table);
        }
    }
}
