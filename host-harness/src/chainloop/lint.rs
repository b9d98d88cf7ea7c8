//! Checks of a policy that do not run it.

use std::path::Path;

use admit::wire::FINDINGS;
use admit_runtime::internal::read_module;
use memchr::memmem;

use super::kind::Kind;
use super::policy_file::{PolicyFile, loaded};
use crate::capabilities::OPERATIONS;
use crate::inspect::Inspection;
use crate::{CompiledPolicy, Engine, LoadError, Platform};

/// The result of a lint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lint {
    /// Mistakes that keep the policy from working, or that change its result.
    pub issues: Vec<String>,
    /// Notes about what is not a mistake.
    pub notes: Vec<String>,
    /// Why nothing is known of a module: this machine had no thread or no memory to compile it.
    pub unknown: Option<String>,
    /// The modules that can be run.
    pub modules: Vec<LintedModule>,
}

/// A module of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LintedModule {
    /// The kind of material that it is for.
    pub kind: Option<Kind>,
    /// Where the policy file names it.
    pub place: String,
    /// Its size in bytes.
    pub size: u64,
}

/// Looks at the policy file at `path`, and at the modules that it names; or at a module alone. The modules are beside the policy file (see
/// [`PolicyFile::open`]), or `anywhere`.
pub fn lint(engine: &Engine, path: &Path, anywhere: bool) -> Lint {
    let mut found = Lint::default();
    if path.extension().is_some_and(|extension| extension == "wasm" || extension == "wat") {
        let place = path.display().to_string();
        match read_module(path) {
            Ok(bytes) => look_at(engine, None, None, place, &bytes, &mut found),
            Err(error) => found.issues.push(format!("{place}: {error}")),
        }
        return found;
    }
    match PolicyFile::open(path) {
        Ok(file) => {
            let file = if anywhere { file.with_modules_anywhere() } else { file };
            found.notes.extend(file.notes.iter().cloned());
            if file.kinds.is_empty() {
                found.notes.push(
                    "no script says a `kind`: Chainloop runs the policy only where a contract names the material for it, and \
                     never in `policy develop eval`"
                        .to_owned(),
                );
            }
            for (script, module) in loaded(&file.scripts) {
                match module {
                    Ok(bytes) => look_at(engine, Some(&file), script.kind, script.place(), &bytes, &mut found),
                    Err(error) => found.issues.extend(error.mistakes.iter().map(ToString::to_string)),
                }
            }
        }
        Err(error) => found.issues.extend(error.mistakes.iter().map(ToString::to_string)),
    }
    found
}

fn look_at(
    engine: &Engine,
    file: Option<&PolicyFile>,
    kind: Option<Kind>,
    place: String,
    bytes: &[u8],
    found: &mut Lint,
) {
    let module = match CompiledPolicy::from_bytes(engine, bytes) {
        Ok(module) => module,
        Err(error @ LoadError::Engine(_)) => {
            found.unknown.get_or_insert_with(|| format!("{place}: {error}"));
            return;
        }
        Err(error) => return found.issues.push(format!("{place}: {error}")),
    };
    if module.abi().platform() != Platform::Chainloop {
        let abi = module.abi();
        return found.issues.push(format!(
            "{place}: WASM module missing required 'Execute' function export; it is a {abi} policy: build it for Chainloop \
             (`cargo admit build --abi chainloop`)"
        ));
    }
    found.modules.push(LintedModule { kind, place: place.clone(), size: bytes.len() as u64 });
    if let Some(issue) = file.and_then(|file| findings(file, module.inspection(), bytes)) {
        found.issues.push(format!("{place}: {issue}"));
    }
    for note in kubewarden(module.inspection()).into_iter().chain(notes(module.inspection())) {
        found.notes.push(format!("{place}: {note}"));
    }
}

/// An issue when the policy file and a module made with the SDK have different types of findings.
fn findings(file: &PolicyFile, module: &Inspection, bytes: &[u8]) -> Option<String> {
    module.made_with.as_ref()?;
    let marked = memmem::find(bytes, FINDINGS.as_bytes()).map(|at| &bytes[at + FINDINGS.len()..]);
    let marked = marked.map(|rest| {
        let word = rest.iter().take_while(|byte| byte.is_ascii_uppercase() || **byte == b'_').copied().collect();
        String::from_utf8(word).unwrap_or_default()
    });
    match (marked, file.finding_type) {
        (Some(marked), None) => Some(format!(
            "the module reports findings; without `finding_type: {marked}` in `metadata`, Chainloop keeps only their messages"
        )),
        (Some(marked), Some(declared)) if !marked.starts_with(declared.name()) => Some(format!(
            "the module reports findings of type {marked}, and the policy file says `finding_type: {declared}`"
        )),
        _ => None,
    }
}

/// An issue for calls that only Kubewarden has. The module contains them, but settings may decide whether they are made.
/// Modules of other toolkits are not checked: such a name can mean anything there.
fn kubewarden(module: &Inspection) -> Option<String> {
    module.made_with.as_ref()?;
    let calls: Vec<&str> =
        module.capabilities.iter().map(String::as_str).filter(|call| OPERATIONS.contains(call)).collect();
    (!calls.is_empty())
        .then(|| format!("only Kubewarden has {}: a run of the policy that calls it ends there", calls.join(", ")))
}

fn notes(module: &Inspection) -> Vec<String> {
    let imports = |name: &str| module.imports.iter().any(|import| import.name == name);
    let mut notes = Vec::new();
    if imports("chainloop_discover") {
        notes.push(
            "the module imports `chainloop_discover`; `chainloop policy develop lint` refuses every module that does, but \
             evaluating it is fine"
                .to_owned(),
        );
    }
    if module.made_with.is_some() && imports("clock_time_get") {
        notes.push("the module reads the clock, and on Chainloop it is always 2022-01-01".to_owned());
    }
    notes
}
