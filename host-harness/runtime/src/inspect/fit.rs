//! Whether a module keeps to the ABI that it was recognised by.

use super::problem::{Available, Problem};
use super::{Inspection, chainloop};
use crate::abi::{Abi, Expected, Platform};

/// How many things that are wrong with a module are told: it can have 100,000 imports, and each text lists what there is instead.
pub(crate) const MAX_PROBLEMS: usize = 100;

/// Everything that keeps `inspection` from being run as `abi` by a host that has `available`.
pub(crate) fn check(inspection: &Inspection, abi: Abi, available: &Available) -> Vec<Problem> {
    let mut problems = Vec::new();
    let traits = abi.traits();
    if traits.platform == Platform::Chainloop {
        problems.extend(chainloop::execute(inspection));
    }
    problems.extend(traits.exports.iter().filter_map(|expected| export(inspection, expected)));

    let missing = |import| match traits.platform {
        Platform::Chainloop => chainloop::missing(import, available),
        Platform::Kubewarden => None,
    };
    for import in &inspection.imports {
        // One more, so that it is seen that there are more.
        if problems.len() > MAX_PROBLEMS {
            break;
        }
        if let Some(problem) = missing(import) {
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
                    expected: expected.to_string(),
                    found: import.ty.to_string(),
                });
            }
            Some(_) => {}
        }
    }
    problems
}

/// What is wrong with an export that the ABI knows.
fn export(inspection: &Inspection, expected: &Expected) -> Option<Problem> {
    let Expected { name, ty: expected, required } = *expected;
    match inspection.export(name) {
        Some(found) if found.to_string() != expected => {
            Some(Problem::ExportType { name, expected, found: found.to_string() })
        }
        None if required => Some(Problem::MissingExport { name, expected }),
        _ => None,
    }
}
