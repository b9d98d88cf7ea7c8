//! Changes that are meant.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::compare::Difference;
use super::glob;
use super::subject::Subject;
use crate::input::{Cursor, Document, InputError, nearest, read};

/// Most entries of a file.
const MAX_ENTRIES: usize = 1_000;

/// An entry of a file of changes that are allowed, and how often it was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowed {
    /// The change.
    pub change: Change,
    /// Which requests and texts; all of them where nothing is said.
    pub r#where: Where,
    /// Why it is allowed.
    pub why: String,
    /// The changes that it allows in this corpus.
    pub used: u64,
}

/// Which changes an entry allows: those that fit every pattern. In a pattern `*` stands for any text, and `?` for a character; the
/// rest is compared as it is, and the pattern has to fit the whole text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Where {
    /// The kind of the object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The namespace; the empty pattern fits what has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The operation: `CREATE`, `UPDATE`, `DELETE` or `CONNECT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The message: the new one, and where there is none the old one. Of a mutation these are the paths that differ, of host calls the
    /// operations, of warnings those that are new; each of them has to fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Reads a file of changes that are allowed: a list of entries with `change`, `where` (optional) and `why`.
///
/// ```
/// use admit_host::diff::{Change, parse_allowed};
///
/// let file = b"- change: accept-to-reject
///   where: { kind: Pod, namespace: 'team-*', message: '*is privileged' }
///   why: privileged containers are gone from these namespaces
/// ";
/// let allowed = parse_allowed(file, "allow.yaml")?;
/// assert_eq!(allowed[0].change, Change::AcceptToReject);
/// assert_eq!(allowed[0].r#where.kind.as_deref(), Some("Pod"));
/// # Ok::<(), admit_host::input::InputError>(())
/// ```
///
/// # Errors
///
/// What is no such list, with its place.
pub fn parse_allowed(bytes: &[u8], name: &str) -> Result<Vec<Allowed>, InputError> {
    let document = Document::parse(bytes, name)?;
    let root = document.root();
    if root.value().is_null() {
        return Ok(Vec::new());
    }
    let entries = root.list()?;
    if entries.len() > MAX_ENTRIES {
        return Err(root.error(format!("has {} entries; {MAX_ENTRIES} are the most", entries.len())));
    }
    entries.iter().map(entry).collect()
}

/// As [`parse_allowed`], from a file.
///
/// # Errors
///
/// As those of [`parse_allowed`], and a file that cannot be read.
pub fn read_allowed(path: &Path) -> Result<Vec<Allowed>, InputError> {
    parse_allowed(&read(path)?, &path.display().to_string())
}

fn entry(entry: &Cursor<'_>) -> Result<Allowed, InputError> {
    entry.only_keys(&["change", "where", "why"])?;
    let named = entry.required("change", "an entry allows one kind of change, for example `accept-to-reject`")?;
    let word = named.string()?;
    let change = Change::named(word).ok_or_else(|| named.error(unknown(word)))?;
    let why = entry.required("why", "an entry says why the change is allowed")?;
    let text = why.string()?.trim();
    if text.is_empty() {
        return Err(why.error("must say why the change is allowed"));
    }
    let r#where = entry.optional("where")?.map(|fits| fitting(&fits)).transpose()?.unwrap_or_default();
    Ok(Allowed { change, r#where, why: text.to_owned(), used: 0 })
}

fn unknown(word: &str) -> String {
    let names = Change::ALL.map(Change::name);
    match nearest(word, &names) {
        Some(near) => format!("`{word}` is no change; did you mean `{near}`?"),
        None => format!("`{word}` is no change; these are: {}", names.join(", ")),
    }
}

fn fitting(fits: &Cursor<'_>) -> Result<Where, InputError> {
    fits.only_keys(&["kind", "namespace", "name", "operation", "message"])?;
    let pattern = |key| fits.optional(key)?.map(|text| text.string().map(str::to_owned)).transpose();
    Ok(Where {
        kind: pattern("kind")?,
        namespace: pattern("namespace")?,
        name: pattern("name")?,
        operation: pattern("operation")?,
        message: pattern("message")?,
    })
}

/// The number, from 1, of the first entry that allows a difference.
pub(super) fn allowing(entries: &[Allowed], difference: &Difference, subject: &Subject) -> Option<usize> {
    let first = entries.iter().position(|entry| entry.allows(difference, subject));
    first.map(|index| index + 1)
}

impl Allowed {
    fn allows(&self, difference: &Difference, subject: &Subject) -> bool {
        let fits =
            |pattern: &Option<String>, text: &str| pattern.as_ref().is_none_or(|pattern| glob::fits(pattern, text));
        let Where { kind, namespace, name, operation, message } = &self.r#where;
        self.change == difference.change
            && fits(kind, &subject.kind)
            && fits(namespace, subject.namespace.as_deref().unwrap_or_default())
            && fits(name, subject.name.as_deref().unwrap_or_default())
            && fits(operation, &subject.operation)
            && difference.texts.iter().all(|text| fits(message, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(file: &str) -> String {
        parse_allowed(file.as_bytes(), "allow.yaml").expect_err(file).to_string()
    }

    #[test]
    fn mistakes_have_their_place_and_the_fix() {
        assert_eq!(
            error("- change: accept-to-rejected\n  why: x\n"),
            "allow.yaml:1:3: [0].change: `accept-to-rejected` is no change; did you mean `accept-to-reject`?"
        );
        assert_eq!(
            error("- change: message\n"),
            "allow.yaml:1:3: [0].why: missing; an entry says why the change is allowed"
        );
        assert!(error("- change: message\n  why: '  '\n").contains("must say why"));
        assert!(
            error("- change: message\n  why: x\n  where:\n    names: web\n")
                .starts_with("allow.yaml:4:5: [0].where.names: unknown key; did you mean `name`?")
        );
        assert!(error("change: message\nwhy: x\n").contains("must be an array"));
        assert_eq!(parse_allowed(b"", "allow.yaml"), Ok(Vec::new()));
    }

    #[test]
    fn every_pattern_has_to_fit() {
        let file = "- change: message\n  why: x\n  where: {kind: Pod, namespace: 'team-*', name: 'web-?', message: '*no `a`*'}\n";
        let allowed = parse_allowed(file.as_bytes(), "allow.yaml").expect("a list");
        let subject = |namespace: &str, name: &str| Subject {
            kind: "Pod".to_owned(),
            namespace: Some(namespace.to_owned()),
            name: Some(name.to_owned()),
            ..Subject::default()
        };
        let difference = |texts: &[&str]| Difference {
            change: Change::Message,
            group: Default::default(),
            was: String::new(),
            is: String::new(),
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        };
        let found = |subject: Subject, texts: &[&str]| allowing(&allowed, &difference(texts), &subject);
        assert_eq!(found(subject("team-a", "web-1"), &["there is no `a` here"]), Some(1));
        assert_eq!(found(subject("team-a", "web-10"), &["there is no `a` here"]), None);
        assert_eq!(found(subject("teams", "web-1"), &["there is no `a` here"]), None);
        assert_eq!(found(subject("team-a", "web-1"), &["there is no `a` here", "another"]), None);
        let other = Difference { change: Change::Code, ..difference(&["no `a`"]) };
        assert_eq!(allowing(&allowed, &other, &subject("team-a", "web-1")), None);
    }
}
