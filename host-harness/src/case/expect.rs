//! What a case expects.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

use super::{ExpectedCall, calls};
use crate::input::{Cursor, InputError, nearest};
use crate::pattern;

/// How an evaluation can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The request is accepted.
    Accept,
    /// The request is rejected.
    Reject,
    /// The policy refuses the settings; the request is not evaluated.
    InvalidSettings,
    /// The policy gave no answer: it trapped, ran too long, or reported an error.
    Error,
    /// The material has no violations.
    Success,
    /// The material has violations.
    Fail,
    /// The policy does not apply to the material.
    Skip,
    /// The policy was not asked: it is excluded from the result.
    Ignore,
}

impl Verdict {
    /// Verdicts about requests.
    const OF_REQUESTS: [Self; 4] = [Self::Accept, Self::Reject, Self::InvalidSettings, Self::Error];
    /// Verdicts about materials.
    pub(super) const OF_MATERIALS: [Self; 5] = [Self::Success, Self::Fail, Self::Skip, Self::Ignore, Self::Error];

    fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::InvalidSettings => "invalid-settings",
            Self::Error => "error",
            Self::Success => "success",
            Self::Fail => "fail",
            Self::Skip => "skip",
            Self::Ignore => "ignore",
        }
    }

    /// Whether the request is accepted, or the material has no violations.
    pub(super) fn lets_in(self) -> bool {
        matches!(self, Self::Accept | Self::Success | Self::Skip | Self::Ignore)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// An expectation about a text.
#[derive(Clone, Debug)]
pub enum TextMatch {
    /// Exactly this.
    Exact(String),
    /// This is part of it.
    Contains(String),
    /// This regular expression matches somewhere in it.
    Matches(regex_lite::Regex),
}

impl TextMatch {
    /// Whether `text` is as expected. A text in which a pattern cannot be [found in a short time](Self::takes_long) is not.
    pub fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Exact(expected) => text == expected,
            Self::Contains(part) => text.contains(part.as_str()),
            Self::Matches(regex) => !self.takes_long(text) && regex.is_match(text),
        }
    }

    /// Whether the text is as long, and the pattern as large, that they are not compared.
    pub fn takes_long(&self, text: &str) -> bool {
        matches!(self, Self::Matches(regex) if !pattern::is_fast(regex.as_str(), text.len()))
    }

    /// What is expected of a text that is not so, for a report.
    pub(super) fn missed_by(&self, text: &str) -> String {
        match self.takes_long(text) {
            true => format!(
                "{self} (not compared: with a text of {} bytes it would take too long; use a smaller pattern, or `contains`)",
                text.len()
            ),
            false => self.to_string(),
        }
    }
}

impl fmt::Display for TextMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(text) => f.write_str(text),
            Self::Contains(part) => write!(f, "a string that contains: {part}"),
            Self::Matches(regex) => write!(f, "a string that matches: {regex}"),
        }
    }
}

/// What a policy has to answer.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// How the evaluation ends.
    pub verdict: Verdict,
    /// What the user is told; not checked when absent.
    pub message: Option<TextMatch>,
    /// HTTP status code; when absent there must be none.
    pub code: Option<u16>,
    /// Warnings, in order.
    pub warnings: Vec<TextMatch>,
    /// Entries for the audit log, all of them.
    pub audit_annotations: BTreeMap<String, String>,
    /// The mutation as RFC 6902 operations.
    pub patch: Option<Value>,
    /// Operations that are in the mutation, among others.
    pub patch_contains: Option<Value>,
    /// The object after the mutation.
    pub object: Option<Value>,
    /// What is in the object after the mutation, among other things. With none of these four there must be no mutation.
    pub object_contains: Option<Value>,
    /// Every host call that the policy makes, in any order, logging excluded; not checked when absent.
    pub host_calls: Option<Vec<ExpectedCall>>,
}

impl Expectation {
    /// This verdict, without a mutation and remarks, with any message.
    pub(super) fn of(verdict: Verdict) -> Self {
        Self {
            verdict,
            message: None,
            code: None,
            warnings: Vec::new(),
            audit_annotations: BTreeMap::new(),
            patch: None,
            patch_contains: None,
            object: None,
            object_contains: None,
            host_calls: None,
        }
    }

    /// Whether a mutation is expected.
    pub(super) fn has_mutation(&self) -> bool {
        [&self.patch, &self.patch_contains, &self.object, &self.object_contains].into_iter().any(Option::is_some)
    }
}

/// What is expected of a mutation, which goes with the verdicts of an answer.
pub(super) const MUTATION: [&str; 4] = ["patch", "patch_contains", "object", "object_contains"];

/// Otherwise every mistake in the policy, a panic too, would do.
pub(super) const ERROR_NEEDS_MESSAGE: &str = "an expected error needs a `message`, so that no other error passes for it: `{verdict: error, message: {contains: …}}`";

pub(super) fn parse(expect: &Cursor<'_>) -> Result<Expectation, InputError> {
    if expect.value().is_string() {
        let verdict = verdict(expect, &Verdict::OF_REQUESTS)?;
        if verdict == Verdict::Error {
            return Err(expect.error(ERROR_NEEDS_MESSAGE));
        }
        return Ok(Expectation::of(verdict));
    }
    let keys = ["verdict", "message", "code", "warnings", "audit_annotations"];
    expect.only_keys(&[&keys[..], &MUTATION, &["host_calls"]].concat())?;
    let verdict = expect.required("verdict", "it is accept, reject, invalid-settings or error")?;
    let verdict = self::verdict(&verdict, &Verdict::OF_REQUESTS)?;
    if matches!(verdict, Verdict::InvalidSettings | Verdict::Error) {
        if verdict == Verdict::Error && expect.optional("message")?.is_none() {
            return Err(expect.error(ERROR_NEEDS_MESSAGE));
        }
        for key in ["code", "warnings", "audit_annotations"].into_iter().chain(MUTATION) {
            if let Some(given) = expect.given(key)? {
                return Err(given.error(format!("cannot be expected together with verdict {verdict}: there is none")));
            }
        }
    }
    for (whole, part) in [("patch", "patch_contains"), ("object", "object_contains")] {
        if let (Some(_), Some(part)) = (expect.optional(whole)?, expect.optional(part)?) {
            return Err(part.error(format!("does not go with `{whole}`, which says all of it: give one of them")));
        }
    }
    let warnings = match expect.optional("warnings")? {
        Some(warnings) => warnings.list()?.iter().map(text_match).collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    Ok(Expectation {
        verdict,
        message: expect.optional("message")?.map(|message| text_match(&message)).transpose()?,
        code: expect.optional("code")?.map(|code| code.code()).transpose()?,
        warnings,
        audit_annotations: expect
            .optional("audit_annotations")?
            .map(|a| annotations(&a))
            .transpose()?
            .unwrap_or_default(),
        patch: expect.optional("patch")?.map(|patch| operations(&patch)).transpose()?,
        patch_contains: expect.optional("patch_contains")?.map(|patch| some_operations(&patch)).transpose()?,
        object: expect.optional("object")?.map(|object| object.object().map(|o| o.clone().into())).transpose()?,
        object_contains: expect.optional("object_contains")?.map(|part| part_of_object(&part)).transpose()?,
        host_calls: expect.given("host_calls")?.map(|list| calls::parse(&list)).transpose()?,
    })
}

/// Operations of a patch, one at least: nothing would be expected of it otherwise.
fn some_operations(cursor: &Cursor<'_>) -> Result<Value, InputError> {
    if cursor.list()?.is_empty() {
        return Err(cursor.error("names no operation that the patch has to have"));
    }
    operations(cursor)
}

/// Fields of an object, one at least.
fn part_of_object(cursor: &Cursor<'_>) -> Result<Value, InputError> {
    if cursor.object()?.is_empty() {
        return Err(cursor.error("names no field that the object has to have"));
    }
    Ok(cursor.value().clone())
}

/// One of these verdicts.
pub(super) fn verdict(cursor: &Cursor<'_>, possible: &[Verdict]) -> Result<Verdict, InputError> {
    let word = cursor.string()?;
    if let Some(verdict) = possible.iter().find(|verdict| verdict.word() == word) {
        return Ok(*verdict);
    }
    let words: Vec<_> = possible.iter().map(|verdict| verdict.word()).collect();
    let hint = match (nearest(word, &words), words.split_last()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, Some((last, others))) => format!("use {} or {last}", others.join(", ")),
        (None, None) => String::new(),
    };
    Err(cursor.error(format!("`{word}` is not a verdict; {hint}")))
}

pub(super) fn text_match(cursor: &Cursor<'_>) -> Result<TextMatch, InputError> {
    if !cursor.value().is_object() {
        return cursor.string().map(|text| TextMatch::Exact(text.to_owned()));
    }
    cursor.only_keys(&["contains", "matches"])?;
    match (cursor.optional("contains")?, cursor.optional("matches")?) {
        (Some(part), None) => part.string().map(|part| TextMatch::Contains(part.to_owned())),
        (None, Some(pattern)) => match pattern::compiled(pattern.string()?) {
            Ok(regex) => Ok(TextMatch::Matches(regex)),
            Err(error) => Err(pattern.error(format!("not a regular expression: {error}"))),
        },
        _ => Err(cursor.error("give the exact text, or one of `contains` and `matches`")),
    }
}

fn annotations(cursor: &Cursor<'_>) -> Result<BTreeMap<String, String>, InputError> {
    let entries = cursor.entries()?;
    entries.iter().map(|(key, value)| Ok((key.to_string(), value.string()?.to_owned()))).collect()
}

/// Checks that the list is an RFC 6902 patch, and brings it into the form in which patches are compared.
fn operations(cursor: &Cursor<'_>) -> Result<Value, InputError> {
    cursor.list()?;
    for operation in cursor.list()? {
        operation.only_keys(&["op", "path", "value", "from"])?;
        if let Err(error) = serde_json::from_value::<json_patch::PatchOperation>(operation.value().clone()) {
            return Err(operation.error(format!("not a patch operation of RFC 6902: {error}")));
        }
    }
    Ok(cursor.value().clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(yaml: &str) -> Result<TextMatch, InputError> {
        text_match(&crate::input::Document::parse(yaml.as_bytes(), "case.yaml").expect("YAML").root())
    }

    #[test]
    fn patterns_are_compared_with_texts_within_a_bound() {
        let pattern = read("matches: '(a|aa|aaa){20}{20}b'").expect("a pattern");
        let text = "a".repeat(200_000);
        // This would take minutes.
        assert!(!pattern.is_match(&text) && pattern.takes_long(&text));
        let told = pattern.missed_by(&text);
        assert!(told.contains("not compared: with a text of 200000 bytes it would take too long"), "{told}");
        assert!(pattern.is_match(&format!("{}b", "a".repeat(2_000))) && !pattern.is_match("b"));
        assert_eq!(pattern.missed_by("b"), pattern.to_string());
        let usual = read("matches: '^container .* is privileged$'").expect("a pattern");
        assert!(usual.is_match(&format!("container {} is privileged", "a".repeat(200_000))));
        let error = read("matches: '(a|aa|aaa){40}{40}b'").expect_err("it is too large").to_string();
        assert!(error.contains("not a regular expression"), "{error}");
    }
}
