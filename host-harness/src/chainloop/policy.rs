//! A policy that is ready to be asked about materials.

use std::collections::BTreeMap;

use super::args::arguments;
use super::errors::{ExecutionError, executing, no_branch};
use super::eval::{DebugInfo, EvalResult};
use super::findings::FindingType;
use super::kind::Kind;
use super::material::{Material, MaterialError};
use super::output::{Evaluation, OutputError};
use super::policy_file::{Input, PolicyFile, Script};
use crate::Abi;
use crate::input::InputError;
use crate::outcome::{Failure, Trace};
use crate::{CompiledPolicy, Engine, LoadError, RunOptions};

/// A policy with its modules: what a policy file names, or one module alone.
#[derive(Clone, Debug)]
pub struct Policy {
    name: String,
    finding_type: Option<FindingType>,
    inputs: Vec<Input>,
    branches: Vec<Branch>,
    only_by_name: bool,
}

/// A module, and the materials that it is about.
#[derive(Clone, Debug)]
struct Branch {
    kind: Option<Kind>,
    module: CompiledPolicy,
}

/// Why a policy file's modules are not ready.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PrepareError {
    /// A module cannot be read, or is not the one that is meant.
    #[error(transparent)]
    Script(#[from] InputError),
    /// A module is not one that Chainloop can run.
    #[error("{place}: failed to create WASM plugin: {source}")]
    Module {
        /// Where the policy file names it.
        place: String,
        /// Why.
        source: LoadError,
    },
    /// A module is a policy of another host.
    #[error(
        "{place}: wasm module validation failed: missing required 'Execute' function export; this is a {abi} policy, which \
         Chainloop does not run"
    )]
    OtherAbi {
        /// Where the policy file names it.
        place: String,
        /// The ABI of the module.
        abi: Abi,
    },
}

/// The outcome of one evaluation.
#[derive(Clone, Debug)]
#[must_use = "an evaluation tells whether the material has violations"]
pub struct MaterialOutcome {
    /// The result of the policy for the material, or why there is none.
    pub result: Result<EvalResult, EvalError>,
    /// What each module used and said, in the order of the policy file.
    pub traces: Vec<Trace>,
    /// Warnings for a log: inputs that are not declared, findings that lose their structure.
    pub warnings: Vec<String>,
    /// What went into and came out of the modules; only when it was [asked for](Policy::evaluate).
    pub debug_info: DebugInfo,
}

/// Why there is no result. Displays in Chainloop's words.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EvalError {
    /// The material cannot be given to a policy.
    #[error(transparent)]
    Material(#[from] MaterialError),
    /// The inputs do not fit what the policy declares.
    #[error("{0}")]
    Inputs(String),
    /// The policy is about other kinds.
    #[error("{}; the policy is about {}", no_branch(*.kind), kinds(.about))]
    OtherKind {
        /// The material's.
        kind: Kind,
        /// The policy's.
        about: Vec<Kind>,
    },
    /// Every module excludes its answer from the result.
    #[error("{}", no_branch(*.0))]
    Ignored(Kind),
    /// A module ended without a result.
    #[error("{explained}")]
    Execution {
        /// What Chainloop prints.
        explained: ExecutionError,
        /// The failure of the run.
        failure: Failure,
    },
    /// A module could not be started.
    #[error("{}", executing(format_args!("failed to create WASM plugin: {text}")))]
    Start {
        /// The host's words.
        text: String,
        /// The failure of the run.
        failure: Failure,
    },
    /// The output of a module is not valid.
    #[error("{}", executing(.0))]
    Output(OutputError),
}

impl EvalError {
    /// The failure of the module's run, if that is the error.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Execution { failure, .. } | Self::Start { failure, .. } => Some(failure),
            _ => None,
        }
    }
}

fn kinds(kinds: &[Kind]) -> String {
    let names: Vec<_> = kinds.iter().map(ToString::to_string).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

impl Policy {
    /// Gets the modules of a policy file ready.
    ///
    /// # Errors
    ///
    /// A module that is not there, or that Chainloop would not run.
    pub fn prepare(engine: &Engine, file: &PolicyFile) -> Result<Self, PrepareError> {
        let branch = |script: &Script| {
            let module = script.load()?;
            let place = || script.place();
            let module = CompiledPolicy::from_bytes(engine, &module)
                .map_err(|source| PrepareError::Module { place: place(), source })?;
            match module.abi() {
                Abi::Extism => Ok(Branch { kind: script.kind, module }),
                abi => Err(PrepareError::OtherAbi { place: place(), abi }),
            }
        };
        let branches = file.scripts.iter().map(branch).collect::<Result<Vec<_>, PrepareError>>()?;
        Ok(Self::new(file, branches))
    }

    /// A policy file whose modules are all this one: how a crate's own module is tried before it is where the file says.
    pub fn with_module(file: &PolicyFile, module: &CompiledPolicy) -> Self {
        let mut branches: Vec<Branch> = Vec::new();
        for script in &file.scripts {
            if branches.iter().all(|branch| branch.kind != script.kind) {
                branches.push(Branch { kind: script.kind, module: module.clone() });
            }
        }
        Self::new(file, branches)
    }

    /// A module without a policy file: it is about every kind, and takes any argument.
    pub fn of_module(name: impl Into<String>, module: CompiledPolicy) -> Self {
        let branches = vec![Branch { kind: None, module }];
        Self { name: name.into(), finding_type: None, inputs: Vec::new(), branches, only_by_name: false }
    }

    fn new(file: &PolicyFile, branches: Vec<Branch>) -> Self {
        Self {
            name: file.name.clone(),
            finding_type: file.finding_type,
            inputs: file.inputs.clone(),
            only_by_name: branches.iter().all(|branch| branch.kind.is_none()),
            branches,
        }
    }

    /// The policy's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether no script says a kind. Chainloop's own local evaluation does not run such a policy at all.
    pub fn only_by_name(&self) -> bool {
        self.only_by_name
    }

    /// The kinds that scripts say, in the order of the file.
    pub fn kinds(&self) -> Vec<Kind> {
        let mut kinds = Vec::new();
        for kind in self.branches.iter().filter_map(|branch| branch.kind) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds
    }

    /// The modules, in the order of the file.
    pub fn modules(&self) -> impl Iterator<Item = &CompiledPolicy> {
        self.branches.iter().map(|branch| &branch.module)
    }

    /// Asks the policy about a material, with the inputs as a contract or a command line gives them.
    pub fn evaluate(
        &self,
        material: Material,
        inputs: &BTreeMap<String, String>,
        options: &RunOptions,
    ) -> MaterialOutcome {
        self.evaluated(material, inputs, options, false)
    }

    /// As [`evaluate`](Self::evaluate), and keeps what goes into and comes out of the modules as
    /// [`MaterialOutcome::debug_info`].
    pub fn evaluate_with_debug_info(
        &self,
        material: Material,
        inputs: &BTreeMap<String, String>,
        options: &RunOptions,
    ) -> MaterialOutcome {
        self.evaluated(material, inputs, options, true)
    }

    fn evaluated(
        &self,
        material: Material,
        inputs: &BTreeMap<String, String>,
        options: &RunOptions,
        debug: bool,
    ) -> MaterialOutcome {
        let mut evaluated = MaterialOutcome {
            result: Ok(EvalResult::default()),
            traces: Vec::new(),
            warnings: Vec::new(),
            debug_info: DebugInfo::default(),
        };
        evaluated.result = self.result(material, inputs, options, debug, &mut evaluated);
        if let Ok(result) = &evaluated.result {
            evaluated.warnings.extend(result.warnings.iter().cloned());
        }
        evaluated
    }

    fn result(
        &self,
        material: Material,
        inputs: &BTreeMap<String, String>,
        options: &RunOptions,
        debug: bool,
        so_far: &mut MaterialOutcome,
    ) -> Result<EvalResult, EvalError> {
        let kind = material.kind();
        let modules = self.selected(kind)?;
        let arguments = arguments(&self.name, &self.inputs, inputs).map_err(EvalError::Inputs)?;
        so_far.warnings.clone_from(&arguments.warnings);
        let args = arguments.config();
        let mut input = Some(material.into_input()?);
        let mut evaluations = Vec::new();
        for (index, module) in modules.iter().enumerate() {
            // Inputs are large, so the last module gets the original.
            let last = index + 1 == modules.len();
            let input = if last { input.take() } else { input.clone() }.unwrap_or_default();
            if debug {
                so_far.debug_info.inputs.push(input.clone());
            }
            let execution = module.execute(input, args.as_deref(), options);
            let said = execution.host_error().map(str::to_owned);
            so_far.traces.push(execution.trace);
            let output = execution.result.map_err(|failure| ended(failure, said))?.output;
            let evaluation = Evaluation::parse(&self.name, &output);
            if debug {
                so_far.debug_info.raw_results.push(output);
            }
            evaluations.push(evaluation.map_err(EvalError::Output)?);
        }
        match EvalResult::of(self.finding_type, &evaluations).map_err(EvalError::Output)? {
            Some(result) => Ok(result),
            None => Err(EvalError::Ignored(kind)),
        }
    }

    /// The modules that are about this kind: as [`PolicyFile::select`] has it.
    fn selected(&self, kind: Kind) -> Result<Vec<&CompiledPolicy>, EvalError> {
        let said = self.branches.iter().any(|branch| branch.kind == Some(kind));
        if !said && self.branches.iter().any(|branch| branch.kind.is_some()) {
            return Err(EvalError::OtherKind { kind, about: self.kinds() });
        }
        let fits = |branch: &&Branch| branch.kind.is_none_or(|about| about == kind);
        Ok(self.branches.iter().filter(fits).map(|branch| &branch.module).collect())
    }
}

fn ended(failure: Failure, said: Option<String>) -> EvalError {
    let text = said.unwrap_or_else(|| failure.to_string());
    match failure {
        Failure::Instantiate(_) => EvalError::Start { text, failure },
        _ => EvalError::Execution { explained: ExecutionError::of(&text), failure },
    }
}
