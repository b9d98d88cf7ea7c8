//! The JSON Schemas of case and world files: that they are schemas, that they describe every key, and that they agree with
//! the parser.
//!
//! The documents of the repository, and those of the tests that are wrong on purpose, are changed in every way that the
//! grammar suggests (`mutants.rs`). Parser and schema are asked about each. A schema must never refuse what the parser
//! accepts; where it accepts what the parser refuses, `unsayable.rs` has to say why no schema could know.

mod agreement;
mod bundle;
mod descriptions;
mod documents;
mod grammar;
mod mutants;
mod parser;
mod schema;
mod unsayable;
mod values;

use libtest_mimic::Trial;

/// Every test of this module.
pub(crate) fn trials() -> Vec<Trial> {
    [agreement::trials(), bundle::trials(), descriptions::trials()].into_iter().flatten().collect()
}
