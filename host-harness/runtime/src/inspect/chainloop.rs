//! What Chainloop's own host finds wrong with a module, in its words.

use super::problem::{Available, Problem};
use super::{EXECUTE, Import, Inspection};

/// How the type of a function starts.
const FUNCTION: &str = "function (";

/// What keeps `Execute` from being called: no parameters can be given, and one result can be taken.
pub(super) fn execute(inspection: &Inspection) -> Option<Problem> {
    let found = inspection.export(EXECUTE).map(str::to_owned);
    let Some((params, results)) = found.as_deref().and_then(arity) else { return Some(Problem::NoExecute { found }) };
    // Results are counted before anything of the module runs, parameters when it is called.
    let said = match (params, results) {
        (_, 2..) => format!("function {EXECUTE} has {results} results, expected 0 or 1"),
        (1.., _) => format!("expected {params} params, but passed 0"),
        _ => return None,
    };
    Some(Problem::Execute { found: found.unwrap_or_default(), said })
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

/// How many parameters and results a function has; none for anything else.
fn arity(ty: &str) -> Option<(usize, usize)> {
    let (params, results) = ty.strip_prefix(FUNCTION)?.split_once(") -> (")?;
    let count = |types: &str| types.split(", ").filter(|ty| !ty.is_empty()).count();
    Some((count(params), count(results.strip_suffix(')')?)))
}

fn listed<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let mut names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    names.sort();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_counted() {
        assert_eq!(arity("function () -> ()"), Some((0, 0)));
        assert_eq!(arity("function (i32, i64) -> (i32)"), Some((2, 1)));
        assert_eq!(arity("function () -> (i32, i32)"), Some((0, 2)));
        assert_eq!(arity("memory"), None);
    }
}
