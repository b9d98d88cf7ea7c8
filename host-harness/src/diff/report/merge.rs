//! The report of a corpus, of those of its parts.

use serde_json::Value;

use super::{Report, SCHEMA};
use crate::diff::shard::Shard;

/// Why reports do not add up to one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// A file is no report.
    #[error("{name} is no report of `cargo admit diff --format json`: {why}")]
    NoReport {
        /// The file.
        name: String,
        /// Why.
        why: String,
    },
    /// A report of another version of this program.
    #[error("{name} has the schema `{found}`, and this program reads `{SCHEMA}`; make it again with this version")]
    Schema {
        /// The file.
        name: String,
        /// The schema that it has.
        found: String,
    },
    /// A report about the whole corpus.
    #[error("{0} is about the whole corpus and not a shard of it, so there is nothing to add to it")]
    Whole(String),
    /// Reports that are about different things.
    #[error("{name} and {first} have not the same {what}; merge the shards of one run")]
    Different {
        /// The first file.
        first: String,
        /// Another file.
        name: String,
        /// What differs.
        what: &'static str,
    },
    /// A shard that is given twice.
    #[error("{name} and {first} are both shard {shard}")]
    Twice {
        /// The first file.
        first: String,
        /// Another file.
        name: String,
        /// The shard.
        shard: Shard,
    },
    /// Shards that are not there.
    #[error("shards are missing: {}", missing(.0))]
    Missing(Vec<Shard>),
    /// No report at all.
    #[error("there is no report to merge")]
    Nothing,
}

/// The first ones; more would be no help.
fn missing(shards: &[Shard]) -> String {
    const SHOWN: usize = 10;
    let names: Vec<String> = shards.iter().take(SHOWN).map(Shard::to_string).collect();
    let more = if shards.len() > SHOWN { format!(" and {} more", shards.len() - SHOWN) } else { String::new() };
    format!("{}{more}", names.join(", "))
}

impl Report {
    /// Reads a report that was written as JSON; `name` goes into errors.
    ///
    /// # Errors
    ///
    /// [`MergeError::NoReport`] and [`MergeError::Schema`].
    pub fn read(bytes: &[u8], name: &str) -> Result<Self, MergeError> {
        let no_report = |why: String| MergeError::NoReport { name: name.to_owned(), why };
        let json: Value = serde_json::from_slice(bytes).map_err(|error| no_report(error.to_string()))?;
        match json.get("schema").and_then(Value::as_str) {
            Some(SCHEMA) => {
                let report: Self = serde_json::from_value(json).map_err(|error| no_report(error.to_string()))?;
                match report.does_not_add_up() {
                    Some(what) => Err(no_report(format!("its numbers do not add up: {what}"))),
                    None => Ok(report),
                }
            }
            Some(found) => Err(MergeError::Schema { name: name.to_owned(), found: found.to_owned() }),
            None => Err(no_report("it has no `schema`".to_owned())),
        }
    }
}

/// More requests than any corpus has: sums of what is less fit into their numbers.
const MAX_REQUESTS: u64 = 1 << 48;

impl Report {
    /// What contradicts what in the report, if somebody changed it.
    fn does_not_add_up(&self) -> Option<String> {
        if self.requests > MAX_REQUESTS || self.same.checked_add(self.changed) != Some(self.requests) {
            return Some("`requests` is not `same` and `changed`".to_owned());
        }
        let mut changes = 0;
        for (change, of) in &self.changes {
            if of.count == 0 || of.count > self.changed || of.allowed > of.count || of.groups.count() > of.count {
                return Some(format!("the counts of `{change}`"));
            }
            changes += of.count;
        }
        (changes < self.changed).then(|| "there are fewer `changes` than `changed` says".to_owned())
    }
}

/// The report of a corpus of which every shard is here, in any order, each with the name of its file. It is the one that a single run
/// gives.
///
/// # Errors
///
/// [`MergeError`].
pub fn merge(shards: Vec<(String, Report)>) -> Result<Report, MergeError> {
    let mut seen: Vec<(String, Shard)> = Vec::new();
    let mut whole: Option<Report> = None;
    for (name, report) in shards {
        let Some(shard) = report.shard else { return Err(MergeError::Whole(name)) };
        if let Some((first, _)) = seen.iter().find(|(_, other)| *other == shard) {
            return Err(MergeError::Twice { first: first.clone(), name, shard });
        }
        match &mut whole {
            None => whole = Some(report),
            Some(whole) => {
                if let Some(what) = differs(whole, &report) {
                    let first = seen.first().map(|(first, _)| first.clone()).unwrap_or_default();
                    return Err(MergeError::Different { first, name, what });
                }
                whole.absorb(report);
            }
        }
        seen.push((name, shard));
    }
    let (Some(mut whole), Some((_, first))) = (whole, seen.first()) else { return Err(MergeError::Nothing) };
    let missing: Vec<Shard> = first.all().filter(|shard| !seen.iter().any(|(_, there)| there == shard)).collect();
    if !missing.is_empty() {
        return Err(MergeError::Missing(missing));
    }
    whole.shard = None;
    Ok(whole)
}

/// What two reports have to have in common and have not.
fn differs(one: &Report, other: &Report) -> Option<&'static str> {
    let allowed = |report: &Report| {
        let unused = report.allowed.iter().cloned().map(|mut entry| {
            entry.used = 0;
            entry
        });
        unused.collect::<Vec<_>>()
    };
    let of = |report: &Report| report.shard.map(|shard| shard.of());
    let pairs = [
        (one.old.sha256 == other.old.sha256 && one.old.abi == other.old.abi, "old module"),
        (one.new.sha256 == other.new.sha256 && one.new.abi == other.new.abi, "new module"),
        (one.old.settings_sha256 == other.old.settings_sha256, "settings of the old module"),
        (one.new.settings_sha256 == other.new.settings_sha256, "settings of the new module"),
        (of(one) == of(other), "number of shards"),
        (allowed(one) == allowed(other), "allowed changes"),
    ];
    pairs.into_iter().find(|(same, _)| !same).map(|(_, what)| what)
}
