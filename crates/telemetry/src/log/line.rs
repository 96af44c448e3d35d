//! One log line as text.

use std::fmt::{Debug, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use tracing::Event;
use tracing::field::{Field, Visit};

use super::Format;
use crate::limits::LOG_LINE_BYTES_MAX;

/// A moment, in UTC.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    /// Since 1970.
    pub(super) seconds: u64,
    milliseconds: u32,
}

pub(super) fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment { seconds: since.as_secs(), milliseconds: since.subsec_millis() }
}

/// What happened, before it is written.
pub(super) struct Line {
    moment: Moment,
    level: &'static str,
    logger: String,
    message: String,
    fields: Vec<(&'static str, String)>,
}

impl Line {
    pub(super) fn of(moment: Moment, event: &Event<'_>) -> Self {
        let metadata = event.metadata();
        let mut line = Self {
            moment,
            level: metadata.level().as_str(),
            logger: metadata.target().replace("::", "."),
            message: String::new(),
            fields: Vec::new(),
        };
        event.record(&mut line);
        line
    }

    /// Says how many lines were left out.
    pub(super) fn flood(moment: Moment, count: u32) -> Self {
        Self {
            moment,
            level: "WARN",
            logger: "telemetry".to_owned(),
            message: "leave out log lines above the bound for a second".to_owned(),
            fields: vec![("count", count.to_string())],
        }
    }

    /// With the line's end.
    pub(super) fn render(&self, format: Format) -> String {
        let mut text = match format {
            Format::Kafka => self.kafka(),
            Format::Json => self.json(),
        };
        text.push('\n');
        text
    }

    fn kafka(&self) -> String {
        let mut text = String::with_capacity(128 + self.message.len());
        let (date, time) = (date_text(self.moment.seconds), time_text(self.moment.seconds));
        let _ = write!(text, "[{date} {time},{:03}] {} ", self.moment.milliseconds, self.level);
        push_flat(&mut text, &self.message);
        for (name, value) in &self.fields {
            let _ = write!(text, " {name}=");
            push_flat(&mut text, value);
        }
        truncate(&mut text);
        let _ = write!(text, " ({})", self.logger);
        text
    }

    fn json(&self) -> String {
        let mut message = self.message.clone();
        truncate(&mut message);
        let (date, time) = (date_text(self.moment.seconds), time_text(self.moment.seconds));
        let mut object = serde_json::Map::new();
        let mut insert = |name: &str, value: String| object.insert(name.to_owned(), value.into());
        insert("time", format!("{date}T{time}.{:03}Z", self.moment.milliseconds));
        insert("level", self.level.to_owned());
        insert("logger", self.logger.clone());
        insert("message", message);
        for (name, value) in &self.fields {
            let mut value = value.clone();
            truncate(&mut value);
            insert(name, value);
        }
        serde_json::Value::Object(object).to_string()
    }

    fn put(&mut self, field: &Field, value: String) {
        if field.name() == "message" {
            self.message = value;
        } else {
            self.fields.push((field.name(), value));
        }
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.to_owned());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.put(field, value.to_string());
    }
}

/// A line stays one line, whatever a client put into a name.
fn push_flat(text: &mut String, value: &str) {
    for character in value.chars() {
        if character.is_control() {
            text.extend(character.escape_default());
        } else {
            text.push(character);
        }
    }
}

fn truncate(text: &mut String) {
    if text.len() > LOG_LINE_BYTES_MAX {
        let mut end = LOG_LINE_BYTES_MAX;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push('…');
    }
}

fn time_text(seconds: u64) -> String {
    let second = seconds % 86_400;
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// The day of the Gregorian calendar; eras of 400 years that begin in March, so that leap days come last.
fn date_text(seconds: u64) -> String {
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line {
        Line {
            moment: Moment { seconds: 1_795_456_800, milliseconds: 7 },
            level: "INFO",
            logger: "broker.partition".to_owned(),
            message: "open\nlog".to_owned(),
            fields: vec![("topic", "a \"b\"".to_owned())],
        }
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, date) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (4_107_542_400, "2100-03-01"),
            (1_795_456_800, "2026-11-23"),
        ] {
            assert_eq!(date_text(seconds), date);
        }
        assert_eq!(time_text(1_795_456_800), "18:00:00");
    }

    #[test]
    fn a_line_looks_like_kafkas_and_stays_one_line() {
        assert_eq!(
            line().render(Format::Kafka),
            "[2026-11-23 18:00:00,007] INFO open\\nlog topic=a \"b\" (broker.partition)\n"
        );
    }

    #[test]
    fn a_json_line_is_one_object() {
        let text = line().render(Format::Json);
        let parsed: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(parsed["time"], "2026-11-23T18:00:00.007Z");
        assert_eq!(parsed["message"], "open\nlog");
        assert_eq!(parsed["topic"], "a \"b\"");
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn a_line_that_is_too_long_is_cut_between_letters() {
        let mut text = "ä".repeat(LOG_LINE_BYTES_MAX);
        truncate(&mut text);
        assert!(text.len() <= LOG_LINE_BYTES_MAX + '…'.len_utf8());
    }
}
