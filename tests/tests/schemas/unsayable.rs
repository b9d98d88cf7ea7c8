//! What a parser knows and a schema cannot say.

use super::documents::Sample;

/// A rule of the parser's that no schema knows.
pub(super) struct Rule {
    /// A part of what the parser says when it is broken, in which `*` is any text.
    pub(super) says: &'static str,
    /// Which documents can break it.
    of: Of,
}

enum Of {
    All,
    /// Cases in a folder of their own: the files beside them say what kind of case they are.
    Folders,
    /// Documents of the tests with this name, which name a file that is wrong.
    Named(&'static str),
}

impl Rule {
    /// Whether it is this rule that is broken.
    pub(super) fn is_broken(&self, sample: &Sample, refusal: &str) -> bool {
        let mut rest = Some(refusal);
        for words in self.says.split('*') {
            rest = rest.and_then(|rest| rest.split_once(words)).map(|(_, rest)| rest);
        }
        rest.is_some()
            && match self.of {
                Of::All => true,
                Of::Folders => sample.folder.is_some(),
                Of::Named(name) => sample.name.starts_with(name),
            }
    }
}

/// A rule of all documents.
const fn rule(says: &'static str) -> Rule {
    Rule { says, of: Of::All }
}

/// A rule of cases in folders of their own.
const fn in_folders(says: &'static str) -> Rule {
    Rule { says, of: Of::Folders }
}

/// Of case files, besides those of the worlds in them.
pub(super) const OF_CASES: &[Rule] = &[
    // Other files.
    rule("cannot read "),
    // What a path is depends on the system.
    rule("` must be relative to the "),
    // The grammar of regular expressions is not that of a schema's `format`.
    rule("not a regular expression"),
    // A companion file may hold it.
    rule("has no input: give one of"),
    rule("changes the `object` of the case, and there is none"),
    rule("an UPDATE also needs the object as it is stored"),
    rule("is an UPDATE, which also needs the object as it is stored"),
    // The object may be in another file, and its kind says what is done to it.
    rule("has no old object; did you mean operation UPDATE?"),
    // Another file may hold several objects.
    rule("is what is stored of one object, and the case has several"),
    // A companion file may hold the `object`.
    rule("goes with `object` only: the audit scanner"),
    // Two places hold the same name.
    rule("an API server refuses that; give one of them"),
    // A companion file may hold it.
    rule("only a case with `operation: DELETE` has no `object`"),
    rule("only goes with a `material`, and the case has none"),
    // A policy.yaml may say that the material is a text.
    rule("must be a document, or `{ file: path }`"),
    // What is in another file.
    rule("object: cases/_*: not valid JSON"),
    rule("session: cases/_*: unknown tag"),
    rule("world: cases/_*: unknown key"),
    rule("world: cases/m*: "),
    Rule { says: "kind: must be a string, found an array", of: Of::Named("cli/cases/error_in_other_file/") },
    // What the files beside the case are.
    in_folders("is not a verdict"),
    in_folders("only goes with a plain `object`"),
    in_folders("given twice"),
    in_folders("has more than one input"),
    in_folders("no part of the case names this file"),
    in_folders("does not go with a `material`"),
];

/// Of world files.
pub(super) const OF_WORLDS: &[Rule] = &[
    // Other files.
    rule("cannot read this file"),
    // What a path is depends on the system.
    rule("` must be relative to the "),
    // Two entries that name the same thing in different words.
    rule("is given twice"),
    // Two entries that define the same kind.
    rule("is already defined at"),
    // One kind in two entries.
    rule("there are two items of the kind"),
    // Which kinds there are.
    rule("nothing says what"),
    rule("is declared as absent, so there can be no object of it"),
    // Which kinds live in a namespace.
    rule("is cluster-wide: take the namespace out"),
    // The grammar of image references.
    rule("is not a valid image reference"),
    // The OCI's own schemas say that.
    rule("is not an OCI image"),
    // Two places hold the same digest.
    rule("the reference says"),
    // Two places name the same platform.
    rule("the index in `manifest`"),
    // Two places hold the same digest.
    rule("as the entry says, or be left out"),
    // What is in a PEM.
    rule("is not a valid public key in PEM"),
    rule("is not a valid certificate in PEM"),
    // The grammar of addresses.
    rule("must be an IP address"),
    // Which days there are.
    rule("must be an instant"),
    // The grammar of URLs.
    rule("must be a URL"),
    // Fields of a newer Kubernetes are kept, slips are not.
    rule("metadata.*: unknown key; did you mean"),
    // Other files.
    rule("not valid JSON"),
    // A file may hold the manifest.
    rule("only an index has platforms"),
    Rule { says: "metadata.name: missing", of: Of::Named("world/errors/included_object_is_wrong/") },
];
