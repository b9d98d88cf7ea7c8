//! What a parser knows and a schema cannot say.

use super::documents::Sample;

/// A part of what the parser says when a rule is broken, in which `*` is any text, and why no schema knows the rule.
pub(super) type Rule = (&'static str, &'static str);

/// Whether it is this rule that is broken.
pub(super) fn is_broken((part, _): &Rule, refusal: &str) -> bool {
    let mut rest = Some(refusal);
    for words in part.split('*') {
        rest = rest.and_then(|rest| rest.split_once(words)).map(|(_, rest)| rest);
    }
    rest.is_some()
}

/// Of case files, besides those of the worlds in them.
pub(super) const OF_CASES: &[Rule] = &[
    ("cannot read ", "other files"),
    ("the path must be relative", "what a path is depends on the system"),
    ("not a regular expression", "the grammar of regular expressions is not that of a schema's `format`"),
    ("has no input: give one of", "a companion file may hold it"),
    ("an UPDATE also needs the object as it is stored", "a companion file may hold it"),
    ("goes with `object` only: the audit scanner", "a companion file may hold the `object`"),
    ("an API server refuses that; give one of them", "two places hold the same name"),
    ("only a case with `operation: DELETE` has no `object`", "a companion file may hold it"),
    ("only goes with a `material`, and the case has none", "a companion file may hold it"),
    ("must be a document, or `{ file: path }`", "a policy.yaml may say that the material is a text"),
];

/// Of world files.
pub(super) const OF_WORLDS: &[Rule] = &[
    ("cannot read this file", "other files"),
    ("the path must be relative", "what a path is depends on the system"),
    ("is given twice", "two entries that name the same thing in different words"),
    ("is already defined at", "two entries that define the same kind"),
    ("there are two items of the kind", "one kind in two entries"),
    ("nothing says what", "which kinds there are"),
    ("is declared as absent, so there can be no object of it", "which kinds there are"),
    ("is cluster-wide: take the namespace out", "which kinds live in a namespace"),
    ("is no image reference", "the grammar of image references"),
    ("is not an OCI image", "the OCI's own schemas say that"),
    ("the reference says", "two places hold the same digest"),
    ("the index in `manifest`", "two places name the same platform"),
    ("as the entry says, or be left out", "two places hold the same digest"),
    ("is no public key in PEM", "what is in a PEM"),
    ("is no certificate in PEM", "what is in a PEM"),
    ("must be an IP address", "the grammar of addresses"),
    ("must be an instant", "which days there are"),
    ("must be a URL", "the grammar of URLs"),
    ("metadata.*: unknown key; did you mean", "fields of a newer Kubernetes are kept, slips are not"),
    ("not valid JSON", "other files"),
    ("only an index has platforms", "a file may hold the manifest"),
];

/// Whether the files that a case names, or that stand beside it, are to blame: they say what kind of case it is, and may be
/// wrong themselves.
pub(super) fn in_other_files(sample: &Sample, refusal: &str) -> bool {
    let says = |parts: &[&str]| parts.iter().any(|part| refusal.contains(part));
    let in_companion = [
        "is not a verdict",
        "only goes with a plain `object`",
        "given twice",
        "has more than one input",
        "no part of the case names this file",
        "does not go with a `material`",
    ];
    let in_named = ["object: cases/_", "session: cases/_", "world: cases/_", "world: cases/m"];
    let is_wrong_itself = ["cli/cases/error_in_other_file", "world/errors/included_object_is_wrong"];
    sample.folder.is_some() && says(&in_companion)
        || says(&in_named)
        || is_wrong_itself.iter().any(|name| sample.name.starts_with(name))
}
