//! Reading a policy file.

use std::collections::{BTreeMap, BTreeSet};

use super::super::kind::Kind;
use super::either::{either, text};
use super::error::Mistakes;
use super::rules::VERSIONS;
use super::{Input, PolicyFile, Script, Source, rules, source};
use crate::input::{Cursor, InputError};
use crate::suite::Base;

/// Reads a policy; `base` is where its paths start. What is wrong is noted, and what was read is of no use then.
pub(super) fn policy(root: &Cursor<'_>, base: &Base, wrong: &mut Mistakes) -> PolicyFile {
    let mut file = PolicyFile::default();
    if wrong.take(root.object()).is_none() {
        return file;
    }
    unknown(root, &["apiVersion", "api_version", "kind", "metadata", "spec"], wrong);
    match wrong.take(either(root, "apiVersion", "api_version")).flatten() {
        None => wrong.push(root.error_at("apiVersion", format!("missing; write `apiVersion: {}`", VERSIONS[0]))),
        Some(version) => {
            if wrong.take(version.string()).is_some_and(|text| !VERSIONS.contains(&text)) {
                wrong.push(version.error(format!("must be `{}` or `{}`", VERSIONS[0], VERSIONS[1])));
            }
        }
    }
    if let Some(kind) = wrong.take(root.required("kind", "write `kind: Policy`"))
        && wrong.take(kind.string()).is_some_and(|text| text != "Policy")
    {
        wrong.push(kind.error("must be `Policy`; groups and contracts are not run by themselves"));
    }
    if let Some(metadata) = wrong.take(root.required("metadata", "at least the policy's name is needed"))
        && wrong.take(metadata.object()).is_some()
    {
        self::metadata(&metadata, &mut file, wrong);
    }
    if let Some(spec) = wrong.take(root.required("spec", "say under `spec.policies` what to run"))
        && wrong.take(spec.object()).is_some()
    {
        let known = ["path", "embedded", "type", "policies", "inputs", "auto_match", "autoMatch"];
        let odd = unknown(&spec, &known, wrong);
        if !scripts(&spec, base, &mut file, wrong) && !odd {
            let words = "either spec source or policies fields must be provided; list at least one script here";
            wrong.push(spec.error_at("policies", words));
        }
        inputs(&spec, &mut file, wrong);
    }
    file
}

/// Notes the keys that there are not, and whether there are any.
fn unknown(object: &Cursor<'_>, known: &[&str], wrong: &mut Mistakes) -> bool {
    let before = wrong.len();
    for mistake in object.unknown_keys(known).unwrap_or_else(|error| vec![error]) {
        wrong.push(mistake);
    }
    wrong.len() > before
}

/// Scripts of a policy file. There are some forty kinds of material.
const MAX_SCRIPTS: usize = 200;

fn metadata(metadata: &Cursor<'_>, file: &mut PolicyFile, wrong: &mut Mistakes) {
    unknown(metadata, &["name", "description", "annotations", "organization", "finding_type", "findingType"], wrong);
    let name = wrong.take(metadata.required("name", "every policy has a name"));
    file.name = name.and_then(|name| wrong.take(rules::policy_name(&name))).unwrap_or_default();
    file.description = wrong.take(text(metadata, "description")).unwrap_or_default();
    file.annotations = wrong.take(annotations(metadata)).unwrap_or_default();
    let organization = metadata.optional("organization");
    let organization = organization.and_then(|name| name.map(|name| name.string().map(str::to_owned)).transpose());
    file.organization = wrong.take(organization).flatten();
    if let Some(found) = wrong.take(either(metadata, "findingType", "finding_type")).flatten() {
        file.finding_type = wrong.take(rules::finding_type(&found));
    }
}

fn annotations(metadata: &Cursor<'_>) -> Result<BTreeMap<String, String>, InputError> {
    let Some(annotations) = metadata.optional("annotations")? else { return Ok(BTreeMap::new()) };
    let entry = |(key, value): (&str, Cursor<'_>)| Ok((key.to_owned(), value.string()?.to_owned()));
    annotations.entries()?.into_iter().map(entry).collect()
}

/// The items of a list that may be missing; those that are no objects are noted.
fn objects<'d>(spec: &Cursor<'d>, key: &'static str, wrong: &mut Mistakes) -> Vec<Cursor<'d>> {
    let list = wrong.take(spec.optional(key)).flatten();
    let items = list.and_then(|list| wrong.take(list.list())).unwrap_or_default();
    items.into_iter().filter(|item| wrong.take(item.object()).is_some()).collect()
}

fn inputs(spec: &Cursor<'_>, file: &mut PolicyFile, wrong: &mut Mistakes) {
    let mut names = BTreeSet::new();
    for item in objects(spec, "inputs", wrong) {
        unknown(&item, &["name", "description", "required", "default"], wrong);
        let Some(name) = wrong.take(item.required("name", "every input has a name")) else { continue };
        let required = item.optional("required").and_then(|flag| flag.map(|flag| flag.boolean()).transpose());
        let input = Input {
            name: wrong.take(rules::input_name(&name)).unwrap_or_default(),
            description: wrong.take(text(&item, "description")).unwrap_or_default(),
            required: wrong.take(required).flatten().unwrap_or_default(),
            default: wrong.take(text(&item, "default")).unwrap_or_default(),
        };
        if let Some(words) = input.contradiction() {
            wrong.push(item.error_at("default", format!("{words}; remove `required` or `default`")));
        }
        if !input.name.is_empty() && !names.insert(input.name.clone()) {
            file.notes.push(format!(
                "{}: there is an input of this name already; Chainloop checks both, and the last default wins",
                name.place()
            ));
        }
        file.inputs.push(input);
    }
}

/// Reads the scripts; whether there are any, read or not.
fn scripts(spec: &Cursor<'_>, base: &Base, file: &mut PolicyFile, wrong: &mut Mistakes) -> bool {
    if let Some(auto_match) = wrong.take(either(spec, "autoMatch", "auto_match")).flatten()
        && wrong.take(auto_match.object()).is_some()
    {
        if !unknown(&auto_match, &source::KEYS, wrong) {
            wrong.take(source::one_of(&auto_match, &base.folder));
        }
        file.notes.push(format!("{}: is not run: WebAssembly policies match everything", auto_match.place()));
    }
    let why = "materials of this kind can be anything; select them by name, without `type`";
    let refused = [Kind::String, Kind::Artifact, Kind::Evidence];
    let kind = wrong.take(spec.optional("type")).flatten();
    let kind = kind.and_then(|kind| wrong.take(rules::kind(&kind, &refused, why)).flatten());
    let listed = objects(spec, "policies", wrong);
    if let Some(beyond) = listed.get(MAX_SCRIPTS) {
        wrong.push(
            beyond.error(format!("there are {} scripts, and a policy file has at most {MAX_SCRIPTS}", listed.len())),
        );
        return true;
    }
    let mut list = Vec::new();
    for item in &listed {
        list.extend(script(item, base, file, wrong));
    }
    for kind in kind.map_or_else(|| list.iter().filter_map(|script| script.kind).collect(), |kind| vec![kind]) {
        if !file.kinds.contains(&kind) {
            file.kinds.push(kind);
        }
    }
    let old = wrong.take(source::given(spec, &source::OLD_KEYS)).unwrap_or_default();
    let Some(first) = old.first() else {
        file.scripts = list;
        return !listed.is_empty();
    };
    if let (Some(list), false) = (wrong.take(spec.optional("policies")).flatten(), listed.is_empty()) {
        file.notes.push(format!("{}: is ignored, because `spec.path` or `spec.embedded` is given", list.place()));
    }
    if let Some(source) = wrong.take(source::one_of(spec, &base.folder)) {
        // One that says no kind is for all that the policy applies to.
        absolute(first, &source, file);
        file.scripts =
            vec![Script { kind, source, phases: Vec::new(), place: first.error(""), suite: base.suite.clone() }];
    }
    true
}

/// Notes a path that is not taken for what it looks like.
fn absolute(given: &Cursor<'_>, source: &Source, file: &mut PolicyFile) {
    if matches!(source, Source::Path(_)) && given.value().as_str().is_some_and(|path| path.starts_with('/')) {
        file.notes.push(format!(
            "{}: Chainloop takes this path from the folder of the policy file; write it without the first `/`",
            given.place()
        ));
    }
}

fn script(item: &Cursor<'_>, base: &Base, file: &mut PolicyFile, wrong: &mut Mistakes) -> Option<Script> {
    let known = ["kind", "path", "embedded", "ref", "attestation_phases", "attestationPhases"];
    let odd = unknown(item, &known, wrong);
    let why = "its materials can be anything; use a kind that says more, or none";
    let kind = wrong.take(item.optional("kind")).flatten();
    let kind = kind.and_then(|kind| wrong.take(rules::kind(&kind, &[Kind::Artifact], why)).flatten());
    let phases = wrong.take(either(item, "attestationPhases", "attestation_phases")).flatten();
    if let (Some(phases), true) = (&phases, kind != Some(Kind::Attestation)) {
        file.notes.push(format!("{}: has no effect: phases are about scripts of `kind: ATTESTATION`", phases.place()));
    }
    let phases = phases.and_then(|phases| wrong.take(rules::phases(&phases))).unwrap_or_default();
    // A key that is not known is probably meant to be the source.
    let source = match source::one_of(item, &base.folder) {
        Err(_) if odd => return None,
        found => wrong.take(found)?,
    };
    let given = wrong.take(source::given(item, &source::KEYS))?;
    let given = given.first().unwrap_or(item);
    absolute(given, &source, file);
    let place = given.error("");
    Some(Script { kind, source, phases, place, suite: base.suite.clone() })
}
