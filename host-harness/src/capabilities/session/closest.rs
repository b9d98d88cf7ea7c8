//! The recorded exchange that is nearest to a call that was not recorded.
//!
//! The guest decides how large its call is, and its time is not counted while the host compares: what is done for one
//! exchange grows with the exchange, and not with the call.

use std::{collections::BTreeMap, io};

use serde_json::Value;

use super::Session;
use crate::capabilities::{HostRequest, shown as shown_payload};

/// Most differences that are shown, and most characters of each value: the guest decides how long a request is.
const MAX_LINES: usize = 10;
const MAX_VALUE: usize = 120;

/// Differences that are counted. An exchange with more is not like the call anyway.
const MAX_DIFFERENCES: usize = 300;

/// Exchanges that are compared, and those of them whose values are compared letter by letter.
const MAX_COMPARED: usize = 1_000;
const MAX_WEIGHED: usize = 50;

/// The error for a call that was not recorded, the `number`th of the run.
pub(super) fn miss(session: &Session, request: &HostRequest, number: usize) -> String {
    format!(
        "Replay error: call {number}, {}: {}\nRecord the session again; or let the policy have the error that kwctl's replay gives: \
         `--replay-missing error`, in a case `missing: error` in its `session`",
        told(request),
        nearest(session, request)
    )
}

/// A request for people, the start of it.
pub(super) fn told(request: &HostRequest) -> String {
    let fields = serde_json::to_vec(&fields(request)).unwrap_or_default();
    format!("{} {}", request.tag(), shown_payload(&fields))
}

/// What the session has that is nearest to a call that it does not have.
pub(super) fn nearest(session: &Session, request: &HostRequest) -> String {
    let tag = request.tag();
    let mut of_kind: Vec<usize> =
        (0..session.exchanges.len()).filter(|index| session.exchanges[*index].request.tag() == tag).collect();
    let left_out = of_kind.len().saturating_sub(MAX_COMPARED);
    of_kind.truncate(MAX_COMPARED);
    let asked = fields(request);
    let Some(index) = closest(session, &of_kind, &asked) else {
        return format!("{} has no {tag}; it has {}", session.name, kinds(session));
    };
    let recorded = fields(&session.exchanges[index].request);
    let differences = differences(&recorded, &asked);
    let mut text = format!(
        "{} has no such {tag}; exchange {} of {} comes closest and differs in",
        session.name,
        index + 1,
        session.exchanges.len()
    );
    for difference in differences.iter().take(MAX_LINES) {
        text.push_str("\n  ");
        text.push_str(&difference.text());
    }
    if differences.len() > MAX_LINES {
        let at_least = if differences.len() == MAX_DIFFERENCES { "at least " } else { "" };
        text.push_str(&format!("\n  and {at_least}{} more", differences.len() - MAX_LINES));
    }
    if left_out > 0 {
        text.push_str(&format!("\nThe last {left_out} {tag} were not compared."));
    }
    text
}

fn kinds(session: &Session) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for exchange in &session.exchanges {
        *counts.entry(exchange.request.tag()).or_default() += 1;
    }
    let counts: Vec<String> = counts.into_iter().map(|(tag, count)| format!("{count} {tag}")).collect();
    if counts.is_empty() { "nothing at all".to_owned() } else { counts.join(", ") }
}

/// The exchange with the fewest differences; of several the one whose values are most alike, then the first one.
fn closest(session: &Session, of_kind: &[usize], asked: &Value) -> Option<usize> {
    let recorded = |index: usize| fields(&session.exchanges[index].request);
    let counts: Vec<(usize, usize)> =
        of_kind.iter().map(|index| (*index, differences(&recorded(*index), asked).len())).collect();
    let fewest = counts.iter().map(|(_, count)| *count).min()?;
    let nearest = counts.iter().filter(|(_, count)| *count == fewest).map(|(index, _)| *index).take(MAX_WEIGHED);
    nearest.min_by_key(|index| {
        let values = recorded(*index);
        let distances = differences(&values, asked);
        distances.iter().take(MAX_LINES).map(Difference::distance).sum::<u32>()
    })
}

/// The fields of a request, without the tag around them.
fn fields(request: &HostRequest) -> Value {
    // Requests are structs with text keys, which always become JSON.
    let mut value = serde_json::to_value(request).unwrap_or_default();
    value.get_mut(request.tag()).map(Value::take).unwrap_or_default()
}

/// A field that is not the same in both; `None` where there is no such field.
struct Difference<'v> {
    path: String,
    recorded: Option<&'v Value>,
    asked: Option<&'v Value>,
}

impl Difference<'_> {
    fn text(&self) -> String {
        format!("{}: recorded {}, asked {}", short(&self.path), shown(self.recorded), shown(self.asked))
    }

    /// How unlike the two values are, out of 1,000.
    fn distance(&self) -> u32 {
        let likeness = strsim::normalized_levenshtein(&shown(self.recorded), &shown(self.asked));
        (1_000.0 * (1.0 - likeness)) as u32
    }
}

/// The fields that differ, in the order of their paths, and no more than [`MAX_DIFFERENCES`]. An array is one value: its
/// items have no names.
fn differences<'v>(recorded: &'v Value, asked: &'v Value) -> Vec<Difference<'v>> {
    let mut found = Vec::new();
    compare(&mut Vec::new(), Some(recorded), Some(asked), &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn compare<'v>(
    path: &mut Vec<&'v str>,
    recorded: Option<&'v Value>,
    asked: Option<&'v Value>,
    found: &mut Vec<Difference<'v>>,
) {
    if found.len() == MAX_DIFFERENCES {
        return;
    }
    let (Some(Value::Object(recorded)), Some(Value::Object(asked))) = (recorded, asked) else {
        if recorded != asked {
            found.push(Difference { path: path.join("."), recorded, asked });
        }
        return;
    };
    let mut both = |key: &'v String, recorded, asked| {
        path.push(key);
        compare(path, recorded, asked, found);
        path.pop();
        found.len() < MAX_DIFFERENCES
    };
    // The keys of the session first, which are few: what only the call has ends the comparison soon.
    let room = recorded.iter().all(|(key, value)| both(key, Some(value), asked.get(key)));
    if room {
        let _ = asked
            .iter()
            .filter(|(key, _)| !recorded.contains_key(*key))
            .all(|(key, value)| both(key, None, Some(value)));
    }
}

fn shown(value: Option<&Value>) -> String {
    let Some(value) = value else { return "nothing".to_owned() };
    let mut start = Start(Vec::new());
    // An error means that the beginning is complete; the rest of the value is not shown.
    let _ = serde_json::to_writer(&mut start, value);
    short(&String::from_utf8_lossy(&start.0))
}

fn short(text: &str) -> String {
    match text.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Keeps the start of what is written, enough for one character more than [`MAX_VALUE`].
struct Start(Vec<u8>);

impl Start {
    const ROOM: usize = 4 * (MAX_VALUE + 1);
}

impl io::Write for Start {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(Self::ROOM - self.0.len());
        self.0.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capabilities::Exchange;

    fn verify(annotations: impl Iterator<Item = (String, String)>) -> HostRequest {
        HostRequest::SigstorePubKeyVerify {
            image: "registry.example/app:1".to_owned(),
            pub_keys: vec!["key".to_owned()],
            annotations: Some(annotations.collect()),
        }
    }

    fn session(recorded: impl Iterator<Item = HostRequest>) -> Session {
        let exchange = |request| Exchange { request, response: Ok("{}".to_owned()) };
        Session::new(recorded.map(exchange).collect())
    }

    #[test]
    fn large_calls_are_compared_and_shown_in_parts() {
        let few = |exchange: usize| verify((0..3).map(|n| (format!("key-{n}"), format!("{exchange}"))));
        let session = session((0..60).map(few));
        let many = (0..200_000).map(|n| (format!("asked-{n}"), "x".repeat(50)));
        let long = ("k".repeat(1 << 20), "v".repeat(1 << 20));
        let asked = verify(many.chain([("key-0".to_owned(), "7".to_owned()), long]));
        let counted = differences(&fields(&session.exchanges[0].request), &fields(&asked)).len();
        assert_eq!(counted, MAX_DIFFERENCES);
        let text = nearest(&session, &asked);
        assert!(text.ends_with("\n  and at least 290 more"), "{text}");
        assert!(text.len() < MAX_LINES * 4 * MAX_VALUE, "{} bytes", text.len());
    }

    #[test]
    fn what_only_one_side_has_is_a_difference() {
        let empty = verify(std::iter::empty());
        let two = verify([("a".to_owned(), "1".to_owned()), ("b".to_owned(), "2".to_owned())].into_iter());
        let lines = |recorded: &HostRequest, asked: &HostRequest| -> Vec<String> {
            differences(&fields(recorded), &fields(asked)).iter().map(Difference::text).collect()
        };
        let only = ["annotations.a: recorded nothing, asked \"1\"", "annotations.b: recorded nothing, asked \"2\""];
        assert_eq!(lines(&empty, &two), only);
        assert_eq!(lines(&two, &empty)[1], "annotations.b: recorded \"2\", asked nothing");
        assert!(lines(&two, &two).is_empty());
    }

    #[test]
    fn long_sessions_say_what_was_not_compared() {
        let lookup = |n: usize| HostRequest::DNSLookupHost { host: format!("host-{n}.example") };
        let session = session((0..MAX_COMPARED + 7).map(lookup));
        let text = nearest(&session, &HostRequest::DNSLookupHost { host: "host-33.exmaple".to_owned() });
        assert!(text.contains("exchange 34 of 1007 comes closest"), "{text}");
        assert!(text.ends_with("\nThe last 7 DNSLookupHost were not compared."), "{text}");
    }
}
