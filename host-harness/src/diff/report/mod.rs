//! What came of comparing: counts, and a bounded number of groups and examples.
//!
//! Everything in a report is the same in whichever order the requests were compared, and reports of parts add up to that of the
//! whole: counts are sums, and of what is kept it is the first by an order that does not depend on the run.

mod merge;
mod tally;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::allow::Allowed;
use super::change::{Change, Release};
use super::corpus::Reason;
use super::shard::Shard;
use super::subject::{Place, Subject};
pub use merge::{MergeError, merge};
pub use tally::Groups;

/// The version of the form of reports.
pub const SCHEMA: &str = "admit-diff/1";

/// Most examples of a group, and of what was left out for one reason.
pub const MAX_EXAMPLES: usize = 5;

/// Most groups of one change. What is beyond is counted, and in no group.
pub const MAX_GROUPS: usize = 200;

/// The differences of two policies over a corpus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// The policy before.
    pub old: Compared,
    /// The policy now.
    pub new: Compared,
    /// The part of the corpus that this is about; all of it when there is none.
    pub shard: Option<Shard>,
    /// What the changes ask of the version.
    pub suggests: Release,
    /// Requests that both policies were asked about.
    pub requests: u64,
    /// Those with the same answer.
    pub same: u64,
    /// Those with another answer, each counted once.
    pub changed: u64,
    /// How often there is each change. A request can have several.
    pub changes: BTreeMap<Change, Changes>,
    /// What was not compared, by reason.
    pub left_out: BTreeMap<Reason, Left>,
    /// What had to be guessed to make requests, and how often.
    pub notes: BTreeMap<String, u64>,
    /// What the runs took.
    pub cost: Cost,
    /// The changes that are allowed.
    pub allowed: Vec<Allowed>,
}

/// One of the policies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    /// Where the module was read from.
    pub module: String,
    /// Its ABI.
    pub abi: String,
    /// SHA-256 of the module, in hexadecimal digits.
    pub sha256: String,
    /// SHA-256 of the settings as the policy got them.
    pub settings_sha256: String,
}

/// The requests with one change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// How many there are.
    pub count: u64,
    /// How many of them are allowed.
    pub allowed: u64,
    /// The requests by what their texts have in common, the largest group first; at most [`MAX_GROUPS`].
    pub groups: Groups,
}

/// Requests with the same change and texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// What their texts had in common before; quoted texts, names and numbers are left out.
    pub was: String,
    /// And what they have in common now.
    pub is: String,
    /// The entry of [`Report::allowed`], from 1, that allows it.
    pub allowed_by: Option<usize>,
    /// How many there are.
    pub count: u64,
    /// The first of them, at most [`MAX_EXAMPLES`].
    pub examples: BTreeSet<Example>,
}

/// One request and its change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Example {
    /// Which request.
    #[serde(flatten)]
    pub subject: Subject,
    /// What it was: a message, an error, warnings, places of an object, calls. Long texts are cut.
    pub was: String,
    /// What it is.
    pub is: String,
}

/// What was left out for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Left {
    /// How many there are.
    pub count: u64,
    /// The first of them, at most [`MAX_EXAMPLES`].
    pub examples: BTreeSet<LeftExample>,
}

/// Something that was left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LeftExample {
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
    /// What is to be said about it.
    pub about: String,
}

/// Fuel of the requests that both policies answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Units that the policy took before, for all of them.
    pub old: u64,
    /// Units that it takes now.
    pub new: u64,
    /// The request for which it grew most.
    pub most: Option<Growth>,
}

/// A request that takes more fuel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Growth {
    /// Which request.
    #[serde(flatten)]
    pub subject: Subject,
    /// Units before.
    pub old: u64,
    /// Units now.
    pub new: u64,
}

impl Report {
    /// A report about nothing yet.
    pub fn new(old: Compared, new: Compared, shard: Option<Shard>, allowed: Vec<Allowed>) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            old,
            new,
            shard,
            suggests: Release::Patch,
            requests: 0,
            same: 0,
            changed: 0,
            changes: BTreeMap::new(),
            left_out: BTreeMap::new(),
            notes: BTreeMap::new(),
            cost: Cost::default(),
            allowed,
        }
    }

    /// Requests with changes that are not allowed, counted once for each change.
    pub fn not_allowed(&self) -> u64 {
        self.changes.values().map(|changes| changes.count - changes.allowed.min(changes.count)).sum()
    }
}
