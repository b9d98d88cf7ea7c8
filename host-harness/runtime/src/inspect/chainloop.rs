//! What Chainloop's own host finds wrong with a module, in its words.

use super::problem::{Available, Problem};
use super::{EXECUTE, ExternType, Import, Inspection};

/// The problem that `Execute` cannot be called: it is called without parameters and has at most one result.
pub(super) fn execute(inspection: &Inspection) -> Option<Problem> {
    let found = inspection.export(EXECUTE);
    let shown = found.map(ToString::to_string);
    let Some(ExternType::Function { params, results }) = found else {
        return Some(Problem::NoExecute { found: shown });
    };
    // Results are counted before anything of the module runs, parameters when it is called.
    let said = match (params.len(), results.len()) {
        (_, results @ 2..) => format!("function {EXECUTE} has {results} results, expected 0 or 1"),
        (params @ 1.., _) => format!("expected {params} params, but passed 0"),
        _ => return None,
    };
    Some(Problem::Execute { found: shown.unwrap_or_default(), said })
}

/// What is wrong with an import that is not there.
pub(super) fn missing(import: &Import, available: &Available) -> Option<Problem> {
    let Import { module, name, .. } = import;
    let (said, there) = match available.get(module) {
        Some(functions) if functions.contains_key(name) => return None,
        Some(functions) => {
            (format!("{name:?} is not exported in module {module:?}"), format!("is {}", listed(functions.keys())))
        }
        None => (format!("module[{module}] not instantiated"), format!("are the modules {}", listed(available.keys()))),
    };
    Some(Problem::NotInChainloop { module: module.clone(), name: name.clone(), said, available: there })
}

fn listed<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let mut names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    names.sort();
    names.join(", ")
}
