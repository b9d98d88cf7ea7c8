//! Policies as modules for Chainloop: answers, args, failures, the log, the network, and what they import and cost.

mod answers;
mod costs;
mod failures;
mod host;
mod imports;

use std::path::PathBuf;
use std::sync::LazyLock;

use admit_host::artifact::{BuildOptions, Project};
use admit_host::execution::ExecutionOutcome;
use admit_host::{Abi, CompiledPolicy, RunOptions};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::{Compiled, engine, repository};

pub(super) fn trials() -> Vec<Trial> {
    [answers::trials(), costs::trials(), failures::trials(), host::trials(), imports::trials()]
        .into_iter()
        .flatten()
        .collect()
}

/// A module, and where it is.
pub(crate) struct Module {
    pub(crate) policy: CompiledPolicy,
    pub(crate) path: PathBuf,
}

/// Each of them is a policy of its own.
pub(crate) struct Modules {
    pub(crate) findings: Module,
    logs: Module,
    silent: Module,
}

/// The policy that does what its material asks for.
pub(crate) fn material() -> &'static Module {
    static MATERIAL: LazyLock<Module> = LazyLock::new(|| Module::built("tests/guests/rust/material"));
    &MATERIAL
}

fn example() -> &'static Module {
    static EXAMPLE: LazyLock<Module> = LazyLock::new(|| Module::built("examples/pod-privileged"));
    &EXAMPLE
}

fn orders() -> &'static Module {
    static ORDERS: LazyLock<Module> = LazyLock::new(|| Module::built("tests/guests/rust/orders"));
    &ORDERS
}

/// The policies beside it.
pub(crate) fn modules() -> &'static Modules {
    static MODULES: LazyLock<Modules> = LazyLock::new(|| {
        let examples = Compiled::new("material", "modules", &["--examples"]).folder().join("examples");
        let module = |name: &str| Module::at(examples.join(name).with_extension("wasm"));
        Modules { findings: module("findings"), logs: module("logs"), silent: module("silent") }
    });
    &MODULES
}

impl Module {
    fn built(folder: &str) -> Self {
        let project = Project::open(&repository().join(folder)).expect("the policy crate is there");
        let built = project.build(Some(Abi::Extism), &BuildOptions::default());
        Self::at(built.unwrap_or_else(|error| panic!("{error}")).path)
    }

    fn at(path: PathBuf) -> Self {
        let policy = CompiledPolicy::from_file(engine(), &path).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(policy.abi(), Abi::Extism);
        Self { policy, path }
    }

    fn run(&self, material: &Value, args: &Value, options: &RunOptions) -> ExecutionOutcome {
        let args = (!args.is_null()).then(|| args.to_string());
        self.policy.execute(material.to_string().into_bytes(), args.as_deref(), options)
    }

    /// The output for a material.
    #[track_caller]
    fn output(&self, material: &Value, args: &Value) -> Value {
        output(&self.run(material, args, &RunOptions::default()))
    }

    /// The error for a material.
    #[track_caller]
    fn error(&self, material: &Value, args: &Value) -> String {
        error(&self.run(material, args, &RunOptions::default()))
    }
}

fn ask(question: Value) -> Value {
    json!({"ask": question})
}

#[track_caller]
fn output(execution: &ExecutionOutcome) -> Value {
    let executed = execution.result.as_ref().unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(executed.return_code, 0);
    serde_json::from_slice(&executed.output).expect("the output is JSON")
}

#[track_caller]
fn violations(execution: &ExecutionOutcome) -> Vec<String> {
    let mut output = output(execution);
    serde_json::from_value(output["violations"].take()).expect("violations are texts")
}

#[track_caller]
fn error(execution: &ExecutionOutcome) -> String {
    execution.host_error().unwrap_or_else(|| panic!("there is no error: {:?}", execution.result)).to_owned()
}
