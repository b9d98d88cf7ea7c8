//! The page about errors names every way in which a command, a build, a module or a run can fail.

use std::{collections::BTreeSet, fs};

use regex_lite::Regex;

use crate::chapter::{book, repository};

/// An enum of errors: where it is, and what the page has to say for each of its variants.
struct Errors {
    file: &'static str,
    name: &'static str,
    named: &'static [(&'static str, &'static str)],
}

const ALL: [Errors; 5] = [
    Errors {
        file: "host-harness/cli/src/error.rs",
        name: "CliError",
        named: &[
            ("Input", "did you mean `object`?"),
            ("Inputs", "did you mean `object`?"),
            ("InvalidSettings", "the policy does not accept these settings"),
            ("PolicySettings", "Policy settings are invalid"),
            ("Group", "the expression is not valid"),
            ("NothingEvaluated", "nothing was evaluated"),
            ("NotCompared", "not everything was compared"),
            ("Merge", "shards are missing"),
            ("NoCases", "there are no cases in"),
            ("NoMaterialCases", "A Chainloop policy is shown one about a material"),
            ("NothingMatches", "no case has `root` in its name"),
            ("NothingRuns", "no case runs on wapc"),
            ("Mutants", "there is nothing to change"),
            ("FaultsOutOfTime", "the time for runs with faults was up"),
            ("Load", "this looks like a wapc policy"),
            ("Engine", "the WebAssembly engine could not be set up"),
            ("Settings", "the policy failed while it checked the settings"),
            ("Unanswerable", "the policy asked what this run has no answer for"),
            ("Exhausted", "this machine has not enough memory for the policy"),
            ("Mismatches", "the policy did not make the recorded calls in their order"),
            ("HostCapabilities", "Invalid host capabilities pattern"),
            ("NothingDeclared", "--allow-context-aware grants what the policy's metadata declares"),
            ("Record", "cannot write the session to"),
            ("Build", "there is no Cargo.toml in"),
            ("PolicyFile", "failed to load policy attachment"),
            ("Prepare", "is the policy built, and the path relative to this file?"),
            ("Eval", "missing required input"),
            ("Template", "cannot be the name of a project"),
            ("NoName", "a project needs a name"),
            ("NoTemplate", "no template was chosen"),
            ("Schema", "so nothing is known about its settings"),
            ("Annotate", "the policy does not say its protocol version"),
            ("NotAnnotated", "No Kubewarden metadata found inside of"),
            ("Scaffold", "Invalid title"),
            ("Cache", "cannot be listed or removed"),
            ("NoCache", "compiled modules are kept nowhere"),
            ("Output", "there is no folder none, make it first"),
            ("Write", "cannot write the result"),
        ],
    },
    Errors {
        file: "host-harness/runtime/src/outcome.rs",
        name: "Failure",
        named: &[
            ("Instantiate", "the module could not be instantiated"),
            ("Trap", "the policy trapped"),
            ("Timeout", "the policy ran longer than"),
            ("Limit", "the policy exceeded its memory limit"),
            ("Unanswerable", "the policy asked what this run has no answer for"),
            ("Exhausted", "this machine has not enough memory for the policy"),
            ("Guest", "the policy reported an error"),
            ("Protocol", "the policy broke the protocol"),
        ],
    },
    Errors {
        file: "host-harness/runtime/src/error.rs",
        name: "LoadError",
        named: &[
            ("Read", "give the .wasm file that a policy's build produced"),
            ("TooLarge", "are too many for a policy module"),
            ("Text", "the WebAssembly text is not valid"),
            ("Inspect", "this is not a WebAssembly module"),
            ("UnknownAbi", "this module speaks no policy ABI"),
            ("Unfit", "this looks like a wapc policy, but no host can run it"),
            ("Metadata", "cannot deserialize custom section"),
            ("TooOld", "Policy required Kubewarden version"),
            ("TooCostly", "would take too much to be compiled"),
            ("CompileTime", "the module could not be compiled in … s"),
            ("CompileMemory", "the module could not be compiled in … MiB of memory"),
            ("CompileProcess", "the module could not be compiled in a process of its own"),
            ("Compile", "the module could not be compiled"),
            ("Engine", "the WebAssembly engine could not be set up"),
        ],
    },
    Errors {
        file: "host-harness/runtime/src/inspect/error.rs",
        name: "InspectError",
        named: &[
            ("NotWasm", "this is not a WebAssembly module"),
            ("Component", "this is a WebAssembly component"),
            ("Version", "has the unknown version"),
            ("Invalid", "the module is not valid WebAssembly"),
            ("TooMany", "the module has more than"),
        ],
    },
    Errors {
        file: "host-harness/src/artifact/error.rs",
        name: "BuildError",
        named: &[
            ("NoManifest", "there is no Cargo.toml in"),
            ("Workspace", "is a workspace, not a policy"),
            ("Metadata", "cargo cannot read the crate in"),
            ("NoCdylib", "builds no WebAssembly module"),
            ("UnsupportedAbi", "cannot be built for wasi"),
            ("NoTool", "install Rust with rustup"),
            ("Target", "The Rust target wasm32-wasip1 is missing"),
            ("Compile", "see the compiler's messages"),
            ("NoModule", "but reported no .wasm file"),
            ("WrongAbi", "wasi wins over wapc"),
            ("NotAPolicy", "was built, but the module is not a policy"),
            ("Declaration", "cannot be built into the module"),
            ("ProtocolVersion", "does not say its protocol version"),
            ("Embed", "is not valid WebAssembly"),
            ("Engine", "the WebAssembly engine could not be set up"),
            ("Io", "cannot read or write a file of the build"),
        ],
    },
];

/// Compares the enums with the table above, and the table with the page.
pub(crate) fn page() -> Result<(), String> {
    let read = |path: std::path::PathBuf| fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()));
    let page = on_one_line(&read(book().join("reference/errors.md"))?);
    let mut complaints = Vec::new();
    for Errors { file, name, named } in &ALL {
        let found = variants(&read(repository().join(file))?, name)?;
        let known: BTreeSet<&str> = named.iter().map(|(variant, _)| *variant).collect();
        for variant in found.iter().filter(|variant| !known.contains(variant.as_str())) {
            complaints.push(format!("{name}::{variant} is not in docs/reference/errors.md; add it there, and here"));
        }
        for variant in known.iter().filter(|variant| !found.contains(**variant)) {
            complaints.push(format!("{file} has no {name}::{variant} any more"));
        }
        for (variant, text) in named.iter().filter(|(_, text)| !page.contains(&on_one_line(text))) {
            complaints.push(format!("docs/reference/errors.md does not have `{text}`, which is {name}::{variant}"));
        }
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n")) }
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The names of the variants, from the source: integration tests cannot look into a program, and a program has no list of them.
fn variants(source: &str, name: &str) -> Result<BTreeSet<String>, String> {
    let missing = || format!("there is no enum {name}");
    let (_, body) = source.split_once(&format!("enum {name} {{\n")).ok_or_else(missing)?;
    let (body, _) = body.split_once("\n}\n").ok_or_else(missing)?;
    // rustfmt puts variants, and nothing else that begins with a capital letter, four spaces in.
    let variant = Regex::new(r"(?m)^    ([A-Z]\w*)(\(| \{|,)").expect("a regular expression");
    let found: BTreeSet<String> = variant.captures_iter(body).map(|found| found[1].to_owned()).collect();
    // Each variant has its text, so that none of them is read over.
    let texts = Regex::new(r"(?m)^    #\[error\(").expect("a regular expression").find_iter(body).count();
    if found.len() == texts {
        Ok(found)
    } else {
        Err(format!("{name} has {texts} texts, and {} variants were found: {found:?}", found.len()))
    }
}
