//! Artifacts that the Chainloop of a world knows.

mod read;

use std::collections::BTreeMap;

use serde_json::Value;

pub(super) use read::Reader;

use super::{miss, short};
use crate::capabilities::CallError;

/// The artifacts, by digest.
pub(super) struct Chainloop(BTreeMap<String, Entry>);

enum Entry {
    /// One item for each kind; empty for an artifact that Chainloop does not know.
    Items(Vec<Value>),
    /// Asking fails with this text, which the guest is not told.
    Failing(String),
}

impl Chainloop {
    /// The item of a digest, of this kind if there is one.
    pub(super) fn discover(&self, digest: &str, kind: &str, world: &str) -> Result<Value, CallError> {
        let items = match self.0.get(digest) {
            Some(Entry::Items(items)) => items,
            Some(Entry::Failing(text)) => return Err(text.clone().into()),
            None => {
                let wanted = serde_json::to_string(short(digest)).unwrap_or_default();
                let is_kind =
                    |kind: &str| kind.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
                let kind = if kind.is_empty() || !is_kind(kind) { "ATTESTATION" } else { short(kind) };
                let entry = format!(
                    "chainloop: {{discover: {{{wanted}: {{kind: {kind}}}}}}} # or null, for one that nobody knows"
                );
                return Err(miss(world, "digest", digest, self.0.keys().map(String::as_str), &entry));
            }
        };
        let mut fitting = items.iter().filter(|item| kind.is_empty() || kind_of(item) == kind);
        match (fitting.next(), fitting.count()) {
            (Some(item), 0) => Ok(item.clone()),
            (Some(_), more) => {
                let kinds: Vec<&str> = items.iter().map(kind_of).collect();
                Err(format!("digest {digest} present in {} kinds {kinds:?}", more + 1).into())
            }
            (None, _) => Err(format!("digest {} not found", short(digest)).into()),
        }
    }
}

fn kind_of(item: &Value) -> &str {
    item["kind"].as_str().unwrap_or_default()
}
