//! Reading a policy file.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::kind::Kind;
use super::either::{either, text};
use super::{Input, PolicyFile, Script, rules, source};
use crate::input::{Cursor, InputError};

const VERSIONS: [&str; 2] = ["chainloop.dev/v1", "workflowcontract.chainloop.dev/v1"];

/// Reads a policy; `folder` is where its file is.
pub(super) fn policy(root: &Cursor<'_>, folder: &Path) -> Result<PolicyFile, InputError> {
    root.only_keys(&["apiVersion", "api_version", "kind", "metadata", "spec"])?;
    let version = either(root, "apiVersion", "api_version")?
        .ok_or_else(|| root.error_at("apiVersion", format!("missing; write `apiVersion: {}`", VERSIONS[0])))?;
    if !VERSIONS.contains(&version.string()?) {
        return Err(version.error(format!("must be `{}` or `{}`", VERSIONS[0], VERSIONS[1])));
    }
    let kind = root.required("kind", "write `kind: Policy`")?;
    if kind.string()? != "Policy" {
        return Err(kind.error("must be `Policy`; groups and contracts are not run by themselves"));
    }
    let metadata = root.required("metadata", "at least the policy's name is needed")?;
    metadata.only_keys(&["name", "description", "annotations", "organization", "finding_type", "findingType"])?;
    let spec = root.required("spec", "say under `spec.policies` what to run")?;
    let mut notes = Vec::new();
    let scripts = scripts(&spec, folder, &mut notes)?;
    Ok(PolicyFile {
        name: rules::policy_name(&metadata.required("name", "every policy has a name")?)?,
        description: text(&metadata, "description")?,
        annotations: annotations(&metadata)?,
        organization: metadata.optional("organization")?.map(|name| name.string().map(str::to_owned)).transpose()?,
        finding_type: either(&metadata, "findingType", "finding_type")?
            .map(|found| rules::finding_type(&found))
            .transpose()?,
        inputs: inputs(&spec)?,
        scripts,
        notes,
    })
}

fn annotations(metadata: &Cursor<'_>) -> Result<BTreeMap<String, String>, InputError> {
    let Some(annotations) = metadata.optional("annotations")? else { return Ok(BTreeMap::new()) };
    let entry = |(key, value): (&str, Cursor<'_>)| Ok((key.to_owned(), value.string()?.to_owned()));
    annotations.entries()?.into_iter().map(entry).collect()
}

fn inputs(spec: &Cursor<'_>) -> Result<Vec<Input>, InputError> {
    let mut inputs: Vec<Input> = Vec::new();
    let Some(list) = spec.optional("inputs")? else { return Ok(inputs) };
    for item in list.list()? {
        item.only_keys(&["name", "description", "required", "default"])?;
        let name = item.required("name", "every input has a name")?;
        let input = Input {
            name: rules::input_name(&name)?,
            description: text(&item, "description")?,
            required: item.optional("required")?.map(|flag| flag.boolean()).transpose()?.unwrap_or_default(),
            default: text(&item, "default")?,
        };
        if input.required && !input.default.is_empty() {
            let words = format!("input {} can not be required and have a default at the same time", input.name);
            return Err(item.error_at("default", format!("{words}; remove `required` or `default`")));
        }
        if inputs.iter().any(|before| before.name == input.name) {
            return Err(name.error("there is an input of this name already"));
        }
        inputs.push(input);
    }
    Ok(inputs)
}

fn scripts(spec: &Cursor<'_>, folder: &Path, notes: &mut Vec<String>) -> Result<Vec<Script>, InputError> {
    spec.only_keys(&["path", "embedded", "type", "policies", "inputs", "auto_match", "autoMatch"])?;
    if let Some(auto_match) = either(spec, "autoMatch", "auto_match")? {
        auto_match.only_keys(&source::KEYS)?;
        source::one_of(&auto_match, folder)?;
        notes.push(format!("{}: is not run: WebAssembly policies match everything", auto_match.place()));
    }
    let list = spec.optional("policies")?;
    let listed = list.as_ref().map(Cursor::list).transpose()?.unwrap_or_default();
    let kind = spec.optional("type")?;
    let kind = kind.map(|kind| {
        let why = "materials of this kind can be anything; select them by name, without `type`";
        rules::kind(&kind, &[Kind::String, Kind::Artifact, Kind::Evidence], why)
    });
    let kind = kind.transpose()?.flatten();
    let old = source::given(spec, &source::OLD_KEYS)?;
    if old.is_empty() {
        if listed.is_empty() {
            return Err(spec.error_at(
                "policies",
                "either spec source or policies fields must be provided; \
                list at least one script here",
            ));
        }
        return listed.iter().map(|item| script(item, folder)).collect();
    }
    if let (Some(list), false) = (list, listed.is_empty()) {
        notes.push(format!("{}: is ignored, because `spec.path` or `spec.embedded` is given", list.place()));
    }
    Ok(vec![Script { kind, source: source::one_of(spec, folder)?, phases: Vec::new(), place: old[0].error("") }])
}

fn script(item: &Cursor<'_>, folder: &Path) -> Result<Script, InputError> {
    item.only_keys(&["kind", "path", "embedded", "ref", "attestation_phases", "attestationPhases"])?;
    let kind = item.optional("kind")?;
    let why = "its materials can be anything; use a kind that says more, or none";
    let kind = kind.map(|kind| rules::kind(&kind, &[Kind::Artifact], why)).transpose()?.flatten();
    let phases = either(item, "attestationPhases", "attestation_phases")?;
    if let (Some(phases), true) = (&phases, kind != Some(Kind::Attestation)) {
        return Err(phases.error("only scripts of `kind: ATTESTATION` have phases"));
    }
    let phases = phases.map(|phases| rules::phases(&phases)).transpose()?.unwrap_or_default();
    let source = source::one_of(item, folder)?;
    let place = source::given(item, &source::KEYS)?.first().unwrap_or(item).error("");
    Ok(Script { kind, source, phases, place })
}
