//! Reading one case file.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use serde_json::{Map, Value};

use super::{
    AdmissionSubject, Case, Expectation, Subject, Verdict, Waivers, enforcement, expect, host,
    inputs::{self, Input},
    material,
    sources::Sources,
};
use crate::{
    Abi,
    chainloop::PolicyFile,
    input::{Cursor, Document, InputError, Place},
    request::settings_of,
    suite::{Base, Suite},
};

/// What a case without an expectation lacks.
const EXPECT: &str =
    "say what the policy has to answer, for example `accept`, or let `cargo admit test --bless` write what it answers";

const OTHER_KEYS: [&str; 9] = ["about", "request", "object", "set", "raw", "settings", "only", "waive", "expect"];

/// The key of a table: a list of cases, for each of which the other keys of the file hold as well.
const TABLE: &str = "cases";

/// The key of the name of a case in a table.
const NAME: &str = "case";

/// As many cases as a table has at most.
const MAX_ROWS: usize = 10_000;

/// Bytes of a file, times the cases in it: what they share is in each of them.
const MAX_TABLE: usize = 256 << 20;

/// How a case file is read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'r> {
    pub(super) path: &'r Path,
    /// Whether the files beside it belong to the case.
    pub(super) own_folder: bool,
    pub(super) policy: Option<&'r Arc<PolicyFile>>,
    pub(super) suite: &'r Suite,
    /// Whether cases may have no expectation yet.
    pub(super) unwritten: bool,
}

/// Reads a case file. There is one case for each object that it asks about, and for each entry of a table.
pub(super) fn file(name: &str, reading: Reading<'_>) -> Result<Vec<Case>, InputError> {
    reading.suite.admit(reading.path)?;
    let document = Document::open(reading.path)?;
    let root = document.root();
    let base = Base::new(reading.path.parent().unwrap_or(Path::new(".")), reading.suite);
    let Some(table) = root.object().ok().map(|_| root.given(TABLE)).transpose()?.flatten() else {
        return one(name, &root, None, reading, &base);
    };
    let rows = table.list()?;
    if rows.is_empty() || rows.len() > MAX_ROWS || rows.len().saturating_mul(document.text().len()) > MAX_TABLE {
        return Err(table.error(match rows.len() {
            0 => "has no cases".to_owned(),
            count => format!("{count} cases in a file of this size are too many; put them into several files"),
        }));
    }
    let mut names = BTreeSet::new();
    let mut cases = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let given = row.required(NAME, "it is the name of the case, in a word or a few")?;
        let word = one_line(&given)?;
        if word.is_empty() || !names.insert(word.clone()) {
            return Err(given.error(if word.is_empty() {
                "must not be empty"
            } else {
                "there is another case of this name"
            }));
        }
        let Some(document) = document.entry(TABLE, index) else { continue };
        cases.extend(one(&format!("{name}[{word}]"), &document.root(), Some(index), reading, &base)?);
    }
    Ok(cases)
}

/// Reads a document that is a case, or (with its number) an entry of a table with what it shares.
fn one(
    name: &str,
    root: &Cursor<'_>,
    row: Option<usize>,
    reading: Reading<'_>,
    base: &Base,
) -> Result<Vec<Case>, InputError> {
    let Reading { path, own_folder, policy, .. } = reading;
    let expects = |keys: &Map<String, Value>| keys.get("expect").is_some_and(|expect| !is_nothing(expect));
    let unwritten = reading.unwritten && root.object().is_ok_and(|keys| !expects(keys));
    let reading = Reading { unwritten, ..reading };
    // The other key is no key of what this is.
    let of_table = if row.is_some() { NAME } else { TABLE };
    let sources = Sources::read(root, path, own_folder, base)?;
    if root.object().is_ok_and(|keys| keys.contains_key("material")) || sources.host_file("material").is_some() {
        root.only_keys(&[&material::KEYS[..], &host::KEYS[..], &["about", "only", "expect", of_table]].concat())?;
        sources.of_material()?;
        let subject = Subject::Material(Box::new(material::parse(root, &sources, policy, unwritten)?));
        let input = match sources.host_file("material") {
            Some(file) => Place::whole(file.display().to_string()),
            None => root.given("material")?.unwrap_or_else(|| root.clone()).located(),
        };
        let asked = Asked { subject, input, notes: Vec::new() };
        return Ok(vec![Case { row, ..finished(root, name, reading, &sources, asked)? }]);
    }
    for key in material::KEYS {
        if let Some(given) = root.given(key)? {
            return Err(given.error("only goes with a `material`, and the case has none"));
        }
    }
    let known = [&OTHER_KEYS[..], &inputs::OBJECT_KEYS[..], &host::KEYS[..], &enforcement::KEYS[..], &[of_table]];
    root.only_keys(&known.concat())?;
    let inputs = inputs::read(root, &sources)?;
    let settings = sources.get(root, "settings")?.map(|settings| settings_of(&settings)).transpose()?;
    let expect = match unwritten {
        true => Expectation::of(Verdict::Accept),
        false => expect::parse(&root.required("expect", EXPECT)?)?,
    };
    let subject = |request| -> Result<Subject, InputError> {
        Ok(Subject::Admission(Box::new(AdmissionSubject {
            request,
            settings: settings.clone().unwrap_or_default(),
            audit: enforcement::audit(root)?,
            enforcement: enforcement::enforcement(root, name)?,
            expect: expect.clone(),
        })))
    };
    let names = inputs::names(name, &inputs);
    let finished = |(name, input): (String, Input)| {
        let asked = Asked { subject: subject(input.request)?, input: input.at, notes: input.notes };
        Ok(Case { row, ..finished(root, &name, reading, &sources, asked)? })
    };
    names.into_iter().zip(inputs).map(finished).collect()
}

/// What a case asks.
struct Asked {
    subject: Subject,
    /// Where what it asks about stands.
    input: Place,
    notes: Vec<String>,
}

/// `expect:` with nothing behind it, or with an empty object.
fn is_nothing(expect: &Value) -> bool {
    expect.is_null() || expect.as_object().is_some_and(Map::is_empty)
}

/// The case, with what every case has.
fn finished(
    root: &Cursor<'_>,
    name: &str,
    reading: Reading<'_>,
    sources: &Sources,
    asked: Asked,
) -> Result<Case, InputError> {
    let Asked { subject, input, notes } = asked;
    Ok(Case {
        name: name.to_owned(),
        path: reading.path.to_owned(),
        document: root.located(),
        input,
        about: root.optional("about")?.map(|about| one_line(&about)).transpose()?,
        subject,
        only: root.optional("only")?.map(|only| abis(&only)).transpose()?,
        host: host::parse(root, sources)?,
        waived: root.optional("waive")?.map(|waive| Waivers::read(&waive)).transpose()?.unwrap_or_default(),
        shapes: false,
        notes,
        row: None,
        unwritten: reading.unwritten,
    })
}

fn one_line(about: &Cursor<'_>) -> Result<String, InputError> {
    let text = about.string()?.trim();
    if text.contains('\n') {
        return Err(about.error("must be one line"));
    }
    Ok(text.to_owned())
}

fn abis(only: &Cursor<'_>) -> Result<Vec<Abi>, InputError> {
    let abi = |item: &Cursor<'_>| item.string()?.parse::<Abi>().map_err(|error| item.error(error.to_string()));
    let abis = only.list()?.iter().map(abi).collect::<Result<Vec<_>, _>>()?;
    if abis.is_empty() {
        return Err(only.error("names no ABI, so the case would never run; leave `only` out to run on every one"));
    }
    Ok(abis)
}
