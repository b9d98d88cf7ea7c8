//! Adding to a report.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Cost, Example, Group, Growth, Left, LeftExample, MAX_EXAMPLES, MAX_GROUPS, Report};
use crate::diff::compare::Difference;
use crate::diff::corpus::LeftOut;
use crate::diff::subject::Subject;

/// The groups of a change. Of more than [`MAX_GROUPS`] those are kept whose texts have the smallest hashes: one that was dropped
/// comes back in no order of the requests, so that the counts of the others are right.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<Group>", into = "Vec<Group>")]
pub struct Groups(BTreeMap<u64, Group>);

impl Groups {
    /// The groups, the largest first.
    pub fn largest_first(&self) -> Vec<&Group> {
        let mut groups: Vec<&Group> = self.0.values().collect();
        groups.sort_by_key(|group| (Reverse(group.count), &group.was, &group.is, group.allowed_by));
        groups
    }

    /// How many requests are in them.
    pub fn count(&self) -> u64 {
        self.0.values().fold(0, |sum: u64, group| sum.saturating_add(group.count))
    }

    fn add(&mut self, group: Group) {
        let hash = hash(&group);
        match self.0.get_mut(&hash) {
            Some(known) => {
                known.count = known.count.saturating_add(group.count);
                known.examples.extend(group.examples);
                first_only(&mut known.examples);
            }
            None => {
                self.0.insert(hash, group);
                if self.0.len() > MAX_GROUPS {
                    self.0.pop_last();
                }
            }
        }
    }
}

impl From<Vec<Group>> for Groups {
    fn from(groups: Vec<Group>) -> Self {
        let mut made = Self::default();
        groups.into_iter().for_each(|group| made.add(group));
        made
    }
}

impl From<Groups> for Vec<Group> {
    fn from(groups: Groups) -> Self {
        groups.largest_first().into_iter().cloned().collect()
    }
}

/// What makes a group, as a number.
fn hash(group: &Group) -> u64 {
    let mut hasher = Sha256::new();
    for text in [&group.was, &group.is] {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text);
    }
    hasher.update((group.allowed_by.unwrap_or(0) as u64).to_le_bytes());
    let [a, b, c, d, e, f, g, h, ..]: [u8; 32] = hasher.finalize().into();
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

fn first_only<T: Ord>(examples: &mut BTreeSet<T>) {
    while examples.len() > MAX_EXAMPLES {
        examples.pop_last();
    }
}

impl Cost {
    fn add(&mut self, other: Self) {
        self.old = self.old.saturating_add(other.old);
        self.new = self.new.saturating_add(other.new);
        let most = [self.most.take(), other.most].into_iter().flatten();
        self.most = most.min_by(|a, b| b.by().cmp(&a.by()).then_with(|| a.subject.cmp(&b.subject)));
    }
}

impl Growth {
    /// By how many units it grew.
    pub fn by(&self) -> u64 {
        self.new.saturating_sub(self.old)
    }
}

impl Report {
    pub(in crate::diff) fn leave_out(&mut self, left: LeftOut) {
        let LeftOut { reason, place, about } = left;
        let of_reason: &mut Left = self.left_out.entry(reason).or_default();
        of_reason.count += 1;
        of_reason.examples.insert(LeftExample { place, about });
        first_only(&mut of_reason.examples);
    }

    pub(in crate::diff) fn note(&mut self, note: &str) {
        self.note_times(note, 1);
    }

    fn note_times(&mut self, note: &str, times: u64) {
        match self.notes.get_mut(note) {
            Some(count) => *count += times,
            None => {
                self.notes.insert(note.to_owned(), times);
                if self.notes.len() > MAX_GROUPS {
                    self.notes.pop_last();
                }
            }
        }
    }

    /// Adds a request, its differences, and by which entry each of them is allowed.
    pub(in crate::diff) fn add(&mut self, subject: &Subject, differences: Vec<(Difference, Option<usize>)>) {
        self.requests += 1;
        if differences.is_empty() {
            self.same += 1;
            return;
        }
        self.changed += 1;
        for (difference, allowed_by) in differences {
            self.suggests = self.suggests.max(difference.change.release());
            let changes = self.changes.entry(difference.change).or_default();
            changes.count += 1;
            changes.allowed += u64::from(allowed_by.is_some());
            if let Some(entry) = allowed_by.and_then(|number| self.allowed.get_mut(number - 1)) {
                entry.used += 1;
            }
            let Difference { group: (group_was, group_is), was, is, .. } = difference;
            let example = Example { subject: subject.clone(), was, is };
            let group =
                Group { was: group_was, is: group_is, allowed_by, count: 1, examples: BTreeSet::from([example]) };
            changes.groups.add(group);
        }
    }

    pub(in crate::diff) fn cost(&mut self, subject: &Subject, old: u64, new: u64) {
        let most = (new > old).then(|| Growth { subject: subject.clone(), old, new });
        self.cost.add(Cost { old, new, most });
    }

    /// Adds what another report says about another part of the same corpus. What they are about is the caller's to look at.
    pub(in crate::diff) fn absorb(&mut self, other: Self) {
        self.suggests = self.suggests.max(other.suggests);
        self.requests += other.requests;
        self.same += other.same;
        self.changed += other.changed;
        for (change, other) in other.changes {
            let changes = self.changes.entry(change).or_default();
            changes.count += other.count;
            changes.allowed += other.allowed;
            other.groups.0.into_values().for_each(|group| changes.groups.add(group));
        }
        for (reason, other) in other.left_out {
            let left = self.left_out.entry(reason).or_default();
            left.count += other.count;
            left.examples.extend(other.examples);
            first_only(&mut left.examples);
        }
        for (note, count) in other.notes {
            self.note_times(&note, count);
        }
        self.cost.add(other.cost);
        for (entry, other) in self.allowed.iter_mut().zip(other.allowed) {
            entry.used += other.used;
        }
    }
}
