//! Writing into case files what policies answer.

mod seen;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};

use super::{Case, CaseRun, Subject, ended::Ended, expect, material, run};
use crate::{
    CompiledPolicy, RunOptions, chainloop, file,
    input::{Document, Edit, InputError, Step, edited},
};

/// The keys of an expectation in the order in which people write them.
const ORDER: [&str; 10] = [
    "verdict",
    "message",
    "violations",
    "code",
    "warnings",
    "audit_annotations",
    "patch",
    "patch_contains",
    "object",
    "object_contains",
];

/// What the cases are asked of.
#[derive(Clone, Copy)]
pub enum Subjects<'p> {
    /// Each of these modules.
    Modules(&'p [CompiledPolicy]),
    /// A policy of Chainloop with the modules of its policy file.
    PolicyFile(&'p chainloop::Policy),
}

/// What became of the expectation of one case that was not as expected, or had none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blessing {
    /// The name of the case.
    pub case: String,
    /// Its file.
    pub path: PathBuf,
    /// What was changed in the file, or why nothing was.
    pub result: Result<Vec<Change>, String>,
}

/// A field of an expectation that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The key below `expect`.
    pub field: String,
    /// The value that was there, as YAML or JSON has it in one line.
    pub was: Option<String>,
    /// The value that is there now.
    pub is: Option<String>,
}

/// Runs the cases, and writes what was seen into the files of those that are not as expected, or expect nothing yet. Comments, order and
/// style of a file stay. There is an entry for each such case; the cases themselves are those of the old files.
///
/// What is never written: that a policy gave no answer, that it broke a law of mutations, that its host was not asked what was recorded.
///
/// # Errors
///
/// Files that cannot be read or written.
pub fn bless(cases: &[Case], subjects: Subjects<'_>, options: &RunOptions) -> Result<Vec<Blessing>, InputError> {
    let mut blessings = Vec::new();
    for of_file in cases.chunk_by(|a, b| a.path == b.path) {
        let rows = of_file.chunk_by(|a, b| a.row == b.row);
        let differ =
            |row: &&[Case]| row.iter().any(|case| case.unwritten || !subjects.differences(case, options).is_empty());
        let rows: Vec<&[Case]> = rows.filter(differ).collect();
        if let Some(first) = rows.first().and_then(|row| row.first()) {
            let document = Document::open(&first.path)?;
            let seen: Vec<_> = rows.iter().map(|row| new(row, &document, subjects, options)).collect();
            let (text, refused) = text(&document, &rows, &seen);
            written(&first.path, &document, &text)?;
            for ((row, seen), refused) in rows.iter().zip(seen).zip(refused) {
                let result = match refused {
                    Some(why) => Err(why),
                    None => seen.map(|new| new.map(|New { changes, .. }| changes)),
                };
                blessings.extend(told(row, result, subjects, options));
            }
        }
    }
    Ok(blessings)
}

/// What a row is to expect, and how that differs from what it expects.
struct New {
    expect: Value,
    changes: Vec<Change>,
}

/// The text with what was seen, and for each row why it could not be written.
fn text(document: &Document, rows: &[&[Case]], seen: &[Result<Option<New>, String>]) -> (String, Vec<Option<String>>) {
    let edits = rows.iter().zip(seen).map(|(row, seen)| match seen {
        Ok(Some(new)) => Some((path(row), &new.expect)),
        _ => None,
    });
    let edits: Vec<_> = edits.collect();
    let all: Vec<Edit<'_>> = edits.iter().flatten().map(edit).collect();
    if let Ok(text) = edited(document, &all, &ORDER) {
        return (text, vec![None; rows.len()]);
    }
    // One by one, to know which of them cannot be written.
    let mut document = document.clone();
    let mut refused = Vec::new();
    for one in &edits {
        let Some(one) = one else {
            refused.push(None);
            continue;
        };
        let parsed = edited(&document, &[edit(one)], &ORDER)
            .and_then(|text| Document::parse(text.as_bytes(), document.name()).map_err(|error| error.to_string()));
        match parsed {
            Ok(next) => {
                document = next;
                refused.push(None);
            }
            Err(why) => refused.push(Some(format!("{why} in {}, as `expect: {}`", document.name(), one.1))),
        }
    }
    (document.text().to_owned(), refused)
}

fn edit<'e>((path, value): &(Vec<Step<'static>>, &'e Value)) -> Edit<'e> {
    Edit { path: path.clone(), key: "expect", value }
}

/// Where the cases stand that share an expectation.
fn path(row: &[Case]) -> Vec<Step<'static>> {
    match row.first().and_then(|case| case.row) {
        Some(row) => vec![Step::Key("cases"), Step::Index(row)],
        None => Vec::new(),
    }
}

fn written(path: &Path, document: &Document, text: &str) -> Result<(), InputError> {
    if document.text() == text {
        return Ok(());
    }
    let failed = |error| InputError::whole(path.display().to_string(), format!("cannot write this file: {error}"));
    file::replace(path, text.as_bytes()).map_err(failed)
}

impl Subjects<'_> {
    fn runs<'c>(&self, case: &'c Case, options: &RunOptions) -> Vec<CaseRun<'c>> {
        match self {
            Self::Modules(policies) => {
                let asked = policies.iter().filter(|policy| case.applies_to(policy.abi()));
                asked.map(|policy| case.run(policy, options)).collect()
            }
            Self::PolicyFile(policy) => run::run_materials(std::slice::from_ref(case), policy, options),
        }
    }

    /// Everything that is not as expected, each with the ABI it is on.
    fn differences(&self, case: &Case, options: &RunOptions) -> Vec<String> {
        let runs = self.runs(case, options);
        let told = runs.iter().flat_map(|run| {
            let abi = run.abi;
            run.differences.iter().map(move |difference| {
                format!("{} on {abi}: {} instead of {}", difference.field, difference.actual, difference.expected)
            })
        });
        told.collect()
    }

    /// The first answer to the case: that of a cluster where there is one, which says the most.
    fn answer(&self, case: &Case, options: &RunOptions) -> Option<Ended> {
        match self {
            Self::Modules(policies) => {
                let asked = policies.iter().filter(|policy| case.applies_to(policy.abi()));
                let policy = asked.min_by_key(|policy| policy.abi().platform())?;
                let host = case.host.start(policy.metadata(), options);
                let answer = case.ask(policy, &host.options);
                Some(match case.admission() {
                    Some(subject) => answer.enforced(&subject.enforcement),
                    None => answer,
                })
            }
            Self::PolicyFile(policy) => {
                let Subject::Material(subject) = &case.subject else { return None };
                let host = case.host.start(None, options);
                Some(Ended::Material(subject.ask(policy, &host.options)))
            }
        }
    }
}

/// What became of the cases that share an expectation.
fn told(
    cases: &[Case],
    result: Result<Option<Vec<Change>>, String>,
    subjects: Subjects<'_>,
    options: &RunOptions,
) -> Vec<Blessing> {
    let blessing = |case: &Case, result| Blessing { case: case.name.clone(), path: case.path.clone(), result };
    match result {
        Ok(None) => Vec::new(),
        Ok(Some(changes)) => cases.iter().take(1).map(|case| blessing(case, Ok(changes.clone()))).collect(),
        Err(why) => {
            let differs = |case: &&Case| case.unwritten || !subjects.differences(case, options).is_empty();
            cases.iter().filter(differs).map(|case| blessing(case, Err(why.clone()))).collect()
        }
    }
}

/// What the cases that share an expectation are to expect; nothing where they do already.
fn new(
    cases: &[Case],
    document: &Document,
    subjects: Subjects<'_>,
    options: &RunOptions,
) -> Result<Option<New>, String> {
    let old = path(cases).into_iter().try_fold(document.value(), |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.get(index),
    });
    let old = old.and_then(|value| value.get("expect"));
    let mut new: Option<Value> = None;
    for case in cases {
        let answer = subjects.answer(case, options).ok_or("no module of these can be asked this")?;
        let seen = seen::expectation(case, old, &answer)?;
        match &new {
            Some(other) if *other != seen => {
                return Err("the answers about its objects differ; give each object a case of its own".to_owned());
            }
            _ => new = Some(seen),
        }
    }
    let Some(new) = new else { return Ok(None) };
    // What differs may be nothing of the expectation; and the file may have it by now, where another case is a link to it.
    let written = old == Some(&new);
    for case in cases {
        let case = expecting(case, &new)?;
        if let Some(difference) = subjects.differences(&case, options).first() {
            return Err(if written { difference.clone() } else { format!("it would still differ: {difference}") });
        }
    }
    Ok((!written).then(|| New { changes: changes(old, &new), expect: new }))
}

/// The case with another expectation.
fn expecting(case: &Case, expect: &Value) -> Result<Case, String> {
    let document = Document::parse(expect.to_string().as_bytes(), "expect.json").map_err(|error| error.message)?;
    let mut case = case.clone();
    match &mut case.subject {
        Subject::Admission(subject) => {
            subject.expect = expect::parse(&document.root()).map_err(|error| error.message)?;
        }
        Subject::Material(subject) => {
            subject.expect = material::expectation(&document.root()).map_err(|error| error.message)?;
        }
    }
    Ok(case)
}

/// An expectation as an object, be it that only the verdict is written.
fn whole(expect: Option<&Value>) -> Map<String, Value> {
    match expect {
        Some(Value::Object(object)) => object.clone(),
        Some(verdict @ Value::String(_)) => Map::from_iter([("verdict".to_owned(), verdict.clone())]),
        _ => Map::new(),
    }
}

fn changes(old: Option<&Value>, new: &Value) -> Vec<Change> {
    let (old, new) = (whole(old), whole(Some(new)));
    let others: BTreeSet<&str> = old.keys().chain(new.keys()).map(String::as_str).collect();
    let others = others.into_iter().filter(|key| !ORDER.contains(key));
    let text =
        |value: Option<&Value>| value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    let change = |key: &str| {
        let (was, is) = (old.get(key), new.get(key));
        (was != is).then(|| Change { was: text(was), is: text(is), field: key.to_owned() })
    };
    ORDER.into_iter().chain(others).filter_map(change).collect()
}
