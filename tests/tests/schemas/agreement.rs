//! Whether schema and parser agree.

use std::collections::{BTreeMap, BTreeSet};

use admit_host::{capabilities::World, case};
use libtest_mimic::Trial;
use serde_json::Value;

use super::{
    documents::{self, Sample},
    grammar::{Grammar, Step, each_place},
    mutants::{Changes, Mutant, UNKNOWN},
    parser,
    schema::Schema,
    unsayable::{self, Rule},
};

pub(super) fn trials() -> Vec<Trial> {
    trials![cases, worlds, examples_of_the_formats_are_right, what_policies_of_the_repository_have_is_right]
}

/// What the documentation shows, parser and schema take.
fn examples_of_the_formats_are_right() {
    let folder = tempfile::tempdir().expect("a folder");
    documents::write(folder.path(), &documents::examples());
    let cases = case::load(&folder.path().join("cases")).unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(cases.iter().map(|case| case.name.as_str()).collect::<Vec<_>>(), ["material", "request"]);
}

fn what_policies_of_the_repository_have_is_right() {
    let shown = ["examples/", "templates/", "host-harness/", "peers/", "the format/"];
    let mut seen = 0;
    for (samples, schema) in [(documents::cases(), case::SCHEMA), (documents::worlds(), World::SCHEMA)] {
        let schema = Schema::new(schema);
        for sample in samples.iter().filter(|sample| shown.iter().any(|start| sample.name.starts_with(start))) {
            let complaints = schema.complaints(&sample.value);
            assert!(complaints.is_empty(), "{}: {complaints:?}", sample.name);
            seen += 1;
        }
    }
    assert!(seen > 100, "only {seen} documents");
}

fn cases() {
    agree(&Schema::new(case::SCHEMA), &documents::cases(), parser::of_cases, unsayable::OF_CASES);
}

fn worlds() {
    agree(&Schema::new(World::SCHEMA), &documents::worlds(), parser::of_worlds, unsayable::OF_WORLDS);
}

/// Disagreements that are shown.
const SHOWN: usize = 40;

type Parser = fn(&Sample, &[Value]) -> Vec<Option<String>>;

#[track_caller]
fn agree(schema: &Schema, samples: &[Sample], parser: Parser, rules: &[Rule]) {
    let grammar = Grammar::of(samples);
    let mut changes = Changes::new(&grammar);
    let mut verdicts = Verdicts { schema, rules, used: BTreeSet::new(), wrong: BTreeMap::new(), asked: 0, accepted: 0 };
    for sample in samples {
        let mutants = changes.of(sample);
        let known = verdicts.compare(sample, mutants, parser);
        let mut mutants = Vec::new();
        each_place(&sample.value, &mut |path: &[Step], value: &Value, open: bool| {
            if !open || !value.is_object() {
                return;
            }
            let mut unknown = sample.value.clone();
            super::grammar::at(&mut unknown, path)[UNKNOWN] = "text".into();
            if let Some((_, keys)) = known.iter().find(|(value, _)| *value == unknown) {
                let keys: Vec<&str> = keys.split(", ").collect();
                mutants.extend(changes.with_keys(&sample.value, path, &keys));
            }
        });
        verdicts.compare(sample, mutants, parser);
    }
    verdicts.finish();
}

struct Verdicts<'a> {
    schema: &'a Schema,
    rules: &'a [Rule],
    /// The rules that were needed.
    used: BTreeSet<usize>,
    /// The first disagreement of each kind, and how many there are.
    wrong: BTreeMap<String, (String, usize)>,
    asked: usize,
    accepted: usize,
}

impl Verdicts<'_> {
    /// Asks both; returns the mutants with an unknown key, and the keys that the parser knows in its place.
    fn compare(&mut self, sample: &Sample, mutants: Vec<Mutant>, parser: Parser) -> Vec<(Value, String)> {
        let (changes, values): (Vec<_>, Vec<_>) =
            mutants.into_iter().map(|mutant| ((mutant.change, mutant.unknown_key), mutant.value)).unzip();
        let refusals = parser(sample, &values);
        let is_right = refusals.first().is_some_and(Option::is_none);
        let mut known = Vec::new();
        for (((change, unknown_key), value), refusal) in changes.into_iter().zip(values).zip(refusals) {
            self.asked += 1;
            let mut wrong = |kind: &str, why: String| {
                let first = || (format!("{}: {change}\n  {:.400}\n  {why}", sample.name, value.to_string()), 0);
                self.wrong.entry(kind.to_owned()).or_insert_with(first).1 += 1;
            };
            let Some(refusal) = refusal else {
                self.accepted += 1;
                let complaints = self.schema.complaints(&value);
                if let Some(complaint) = complaints.first() {
                    wrong(complaint, format!("the parser takes it, the schema: {complaints:?}"));
                }
                continue;
            };
            if self.schema.accepts(&value) {
                let rule = self.rules.iter().position(|rule| rule.is_broken(sample, &refusal));
                match rule {
                    Some(rule) => drop(self.used.insert(rule)),
                    // Cases have worlds in them.
                    None if unsayable::OF_WORLDS.iter().any(|rule| rule.is_broken(sample, &refusal)) => {}
                    None => {
                        let kind = refusal.split_once(": ").map_or(refusal.as_str(), |(_, message)| message);
                        wrong(kind, format!("the schema takes it, the parser: {refusal}"));
                    }
                }
                continue;
            }
            if unknown_key && is_right && refusal.contains("unknown key") {
                let complaints = self.schema.complaints(&value);
                if complaints.len() != 1 {
                    wrong(&complaints.join(", "), format!("one slip, several complaints: {complaints:?}"));
                }
            }
            if let Some((_, keys)) = refusal.split_once("unknown key; known keys: ").filter(|_| unknown_key) {
                known.push((value, keys.split(';').next().unwrap_or(keys).to_owned()));
            }
        }
        known
    }

    #[track_caller]
    fn finish(self) {
        let show = |(first, count): &(String, usize)| format!("{first}\n  ({count} like this)");
        let shown = self.wrong.values().take(SHOWN).map(show).collect::<Vec<_>>().join("\n");
        assert!(self.wrong.is_empty(), "{} kinds of disagreements, for example\n{shown}", self.wrong.len());
        for (number, rule) in self.rules.iter().enumerate() {
            let says = rule.says;
            assert!(self.used.contains(&number), "no document breaks the rule `{says}`: take it out of unsayable.rs");
        }
        assert!(self.accepted * 20 > self.asked, "{} of {} documents are right", self.accepted, self.asked);
    }
}
