//! What a session has that is nearest to a call that it does not have.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Session;
use crate::capabilities::HostRequest;

/// Differences that are shown, and characters of each value: requests are as large as their guest wants them.
const MAX_LINES: usize = 10;
const MAX_VALUE: usize = 120;

/// The error for a call that was not recorded.
pub(super) fn miss(session: &Session, request: &HostRequest) -> String {
    let tag = request.tag();
    let of_kind = session.exchanges.iter().enumerate().filter(|(_, exchange)| exchange.request.tag() == tag);
    let wanted = leaves(request);
    let compared = of_kind.map(|(index, exchange)| (index, differences(&leaves(&exchange.request), &wanted)));
    let Some((index, lines)) = compared.min_by_key(|(_, lines)| weight(lines)) else {
        return format!("Replay error: {} has no {tag}; it has {}", session.name, kinds(session));
    };
    let mut text = format!(
        "Replay error: {} has no such {tag}; exchange {} of {} comes closest and differs in",
        session.name,
        index + 1,
        session.exchanges.len()
    );
    for line in lines.iter().take(MAX_LINES) {
        text.push_str("\n  ");
        text.push_str(&line.text);
    }
    if lines.len() > MAX_LINES {
        text.push_str(&format!("\n  and {} more", lines.len() - MAX_LINES));
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

struct Difference {
    text: String,
    /// How unlike the two values are, out of 1,000.
    distance: u32,
}

/// The fewest differences first, then the smallest.
fn weight(lines: &[Difference]) -> (usize, u32) {
    (lines.len(), lines.iter().map(|line| line.distance).sum())
}

fn differences(recorded: &BTreeMap<String, Value>, asked: &BTreeMap<String, Value>) -> Vec<Difference> {
    let mut fields: Vec<&String> = recorded.keys().chain(asked.keys()).collect();
    fields.sort();
    fields.dedup();
    let differing = fields.into_iter().filter(|field| recorded.get(*field) != asked.get(*field));
    let difference = |field: &String| {
        let [recorded, asked] = [recorded, asked].map(|leaves| leaves.get(field).map_or("nothing".to_owned(), short));
        let distance = 1_000.0 * (1.0 - strsim::normalized_levenshtein(&recorded, &asked));
        Difference { text: format!("{field}: recorded {recorded}, asked {asked}"), distance: distance as u32 }
    };
    differing.map(difference).collect()
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Every value that is no object (or an empty one), by its path. Lists are one value: their items have no names.
fn leaves(request: &HostRequest) -> BTreeMap<String, Value> {
    let mut leaves = BTreeMap::new();
    // Requests are structs with text keys, which always become JSON.
    let value = serde_json::to_value(request).unwrap_or_default();
    collect("", value.get(request.tag()).unwrap_or(&Value::Null), &mut leaves);
    leaves
}

fn collect(path: &str, value: &Value, leaves: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (key, value) in fields {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                collect(&path, value, leaves);
            }
        }
        _ => {
            leaves.insert(path.to_owned(), value.clone());
        }
    }
}
