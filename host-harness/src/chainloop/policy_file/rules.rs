//! Rules for the names and words in a policy file.

use super::super::findings::FindingType;
use super::super::kind::Kind;
use super::AttestationPhase;
use crate::input::{Cursor, InputError, nearest};

/// What a policy file may say of its format.
pub(super) const VERSIONS: &[&str] = &["chainloop.dev/v1", "workflowcontract.chainloop.dev/v1"];

/// How the absence of a kind is written by tools.
pub(super) const UNSPECIFIED: &str = "MATERIAL_TYPE_UNSPECIFIED";

/// Phases of an attestation.
pub(super) const PHASES: &[&str] = &["ATTESTATION_PHASE_UNSPECIFIED", "INIT", "PUSH"];

/// The name of a policy.
pub(super) fn policy_name(name: &Cursor<'_>) -> Result<String, InputError> {
    let text = name.string()?;
    if !is_policy_name(text) {
        return Err(name.error(
            "must contain only lowercase letters, numbers, and hyphens, and start and end with a letter or a number",
        ));
    }
    Ok(text.to_owned())
}

/// Whether this is the name of a policy.
pub(super) fn is_policy_name(text: &str) -> bool {
    let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(inside) && !text.starts_with('-') && !text.ends_with('-')
}

/// The name of an input.
pub(super) fn input_name(name: &Cursor<'_>) -> Result<String, InputError> {
    let text = name.string()?;
    if !is_input_name(text) {
        return Err(name.error("must be a letter, followed by letters, digits and underscores"));
    }
    Ok(text.to_owned())
}

/// Whether this is the name of an input.
pub(super) fn is_input_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The kind of material of a script. None of `refused` will do, for the reason that is said with them.
pub(super) fn kind(kind: &Cursor<'_>, refused: &[Kind], why: &str) -> Result<Option<Kind>, InputError> {
    let text = kind.string()?;
    if text == UNSPECIFIED {
        return Ok(None);
    }
    let parsed: Kind = text.parse().map_err(|error: super::super::UnknownKind| kind.error(error.to_string()))?;
    if refused.contains(&parsed) {
        return Err(kind.error(format!("`{parsed}` is not allowed here: {why}")));
    }
    Ok(Some(parsed))
}

/// The phases of a script about attestations.
pub(super) fn phases(phases: &Cursor<'_>) -> Result<Vec<AttestationPhase>, InputError> {
    let mut found = Vec::new();
    for item in phases.list()? {
        match item.string()? {
            "INIT" => found.push(AttestationPhase::Init),
            "PUSH" => found.push(AttestationPhase::Push),
            other if PHASES.contains(&other) => {}
            _ => return Err(item.error("is not a valid phase of an attestation; there are `INIT` and `PUSH`")),
        }
    }
    Ok(found)
}

/// What structured findings are.
pub(super) fn finding_type(finding_type: &Cursor<'_>) -> Result<FindingType, InputError> {
    let text = finding_type.string()?;
    let names: Vec<_> = FindingType::ALL.iter().map(|known| known.name()).collect();
    let found = FindingType::ALL.iter().find(|known| known.name() == text);
    found.copied().ok_or_else(|| {
        let hint = match nearest(text, &names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", names.join(", ")),
        };
        finding_type.error(format!("is not a valid type of findings; {hint}"))
    })
}
