//! Whether a module keeps to the ABI that it was recognised by.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::chainloop;
use super::{Abi, Inspection};

/// The functions that the host offers: module, then name, then type as in [`Import::ty`](super::Import::ty).
pub(crate) type Available = HashMap<String, HashMap<String, String>>;

/// One reason why no host can run a module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// An export that the ABI asks for is not there.
    #[error("it does not export `{name}`, which should be {expected}")]
    MissingExport {
        /// Its name.
        name: &'static str,
        /// The type that it should have.
        expected: &'static str,
    },
    /// An export has the wrong type.
    #[error("it exports `{name}` as {found}, which should be {expected}")]
    ExportType {
        /// Its name.
        name: &'static str,
        /// The type that it should have.
        expected: &'static str,
        /// The type that it has.
        found: String,
    },
    /// An import comes from a module that this ABI does not have.
    #[error("it imports `{module}::{name}`, but a {abi} policy can import from {} only", modules.join(", "))]
    UnknownModule {
        /// The ABI.
        abi: Abi,
        /// The module that it is imported from.
        module: String,
        /// Its name.
        name: String,
        /// The modules that there are.
        modules: Vec<String>,
    },
    /// An import that is not there.
    #[error("it imports `{module}::{name}`, but `{module}` has no such function")]
    UnknownImport {
        /// The module that it is imported from.
        module: String,
        /// Its name.
        name: String,
    },
    /// An import has the wrong type.
    #[error("it imports `{module}::{name}` as {found}, which is {expected}")]
    ImportType {
        /// The module that it is imported from.
        module: String,
        /// Its name.
        name: String,
        /// The type that it has.
        expected: String,
        /// The type that the module asks for.
        found: String,
    },
    /// A Chainloop policy has no function `Execute`.
    #[error("it does not export a function `Execute`{}; {}", found.as_ref().map(|found| format!(", but {found} of this name")).unwrap_or_default(), chainloop::NO_EXECUTE)]
    NoExecute {
        /// The type of what it exports under this name, if anything.
        found: Option<String>,
    },
    /// The function `Execute` of a Chainloop policy cannot be called.
    #[error("it exports `Execute` as {found}, which should be function () -> (i32); Chainloop says: {said}")]
    Execute {
        /// The type that it has.
        found: String,
        /// What Chainloop says when it calls it.
        said: String,
    },
    /// A Chainloop policy imports what is not there.
    #[error("it imports `{module}::{name}`, which Chainloop does not have ({said}); there {available}")]
    NotInChainloop {
        /// The module that it is imported from.
        module: String,
        /// Its name.
        name: String,
        /// What Chainloop says when it loads the module.
        said: String,
        /// What there is instead.
        available: String,
    },
}

const COMMAND: &str = "function () -> ()";
const GUEST_CALL: &str = "function (i32, i32) -> (i32)";
const MEMORY: &str = "memory";

/// The type of a function as [`Import::ty`](super::Import::ty) and [`Export::ty`](super::Export::ty) show it.
pub(crate) fn signature<P: ToString, R: ToString>(
    params: impl IntoIterator<Item = P>,
    results: impl IntoIterator<Item = R>,
) -> String {
    let joined = |types: Vec<String>| types.join(", ");
    let mut text = String::from("function ");
    let params = joined(params.into_iter().map(|ty| ty.to_string()).collect());
    let results = joined(results.into_iter().map(|ty| ty.to_string()).collect());
    write!(text, "({params}) -> ({results})").expect("writing to a string does not fail");
    text
}

/// Everything that keeps `inspection` from being run as `abi` by a host that has `available`.
pub(crate) fn check(inspection: &Inspection, abi: Abi, available: &Available) -> Vec<Problem> {
    let mut problems = Vec::new();
    match abi {
        Abi::Wapc => {
            required(inspection, "__guest_call", GUEST_CALL, &mut problems);
            optional(inspection, "_start", COMMAND, &mut problems);
            optional(inspection, "wapc_init", COMMAND, &mut problems);
        }
        Abi::Wasi => required(inspection, "_start", COMMAND, &mut problems),
        Abi::Chainloop => problems.extend(chainloop::execute(inspection)),
    }
    if abi != Abi::Chainloop {
        required(inspection, "memory", MEMORY, &mut problems);
    }

    for import in &inspection.imports {
        if let Some(problem) = (abi == Abi::Chainloop).then(|| chainloop::missing(import, available)).flatten() {
            problems.push(problem);
            continue;
        }
        let (module, name) = (import.module.clone(), import.name.clone());
        let Some(functions) = available.get(&module) else {
            let mut modules: Vec<String> = available.keys().map(|module| format!("`{module}`")).collect();
            modules.sort();
            problems.push(Problem::UnknownModule { abi, module, name, modules });
            continue;
        };
        match functions.get(&name) {
            None => problems.push(Problem::UnknownImport { module, name }),
            Some(expected) if *expected != import.ty => {
                problems.push(Problem::ImportType {
                    module,
                    name,
                    expected: expected.clone(),
                    found: import.ty.clone(),
                });
            }
            Some(_) => {}
        }
    }
    problems
}

fn required(inspection: &Inspection, name: &'static str, expected: &'static str, problems: &mut Vec<Problem>) {
    if inspection.export(name).is_none() {
        problems.push(Problem::MissingExport { name, expected });
    }
    optional(inspection, name, expected, problems);
}

fn optional(inspection: &Inspection, name: &'static str, expected: &'static str, problems: &mut Vec<Problem>) {
    if let Some(found) = inspection.export(name).filter(|found| *found != expected) {
        problems.push(Problem::ExportType { name, expected, found: found.to_owned() });
    }
}
