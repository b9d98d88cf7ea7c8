//! A policy that is ready to be asked about materials.

use std::collections::BTreeMap;

use super::args::{Arguments, arguments};
use super::errors::{ExecutionError, executing, no_branch};
use super::eval::{DebugInfo, EvalResult};
use super::findings::FindingType;
use super::kind::{Kind, UnknownKind};
use super::material::{Material, MaterialError};
use super::output::{Evaluation, OutputError};
use super::policy_file::{Input, PolicyFile, PolicyFileError, Script, loaded};
use crate::Abi;
use crate::input::Position;
use crate::outcome::{Failure, Trace};
use crate::{CompiledPolicy, Engine, LoadError, PolicyModule, RunOptions};

/// A policy with its modules: what a policy file names, or one module alone.
#[derive(Clone, Debug)]
pub struct Policy {
    name: String,
    finding_type: Option<FindingType>,
    /// What a policy file declares; `None` without one.
    inputs: Option<Vec<Input>>,
    /// What a policy file says that it applies to; `None` without one.
    kinds: Option<Vec<Kind>>,
    branches: Vec<Branch>,
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
    /// A module cannot be read, or is none.
    #[error(transparent)]
    Script(#[from] PolicyFileError),
    /// A module is not one that Chainloop can run.
    #[error("{}\n{place}: this module cannot be run", executing(format_args!("failed to create WASM plugin: {source}")))]
    Module {
        /// Where the policy file names it.
        place: String,
        /// Why.
        source: LoadError,
    },
    /// A module is a policy of another host.
    #[error(
        "{}\n{place}: this is a {abi} policy, which Chainloop does not run",
        executing("wasm module validation failed: missing required 'Execute' function export")
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
    /// There is no such kind of material.
    #[error(transparent)]
    Kind(#[from] UnknownKind),
    /// The material cannot be given to a policy.
    #[error("{}", told(.0))]
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
    /// The policy is about no kind, and the material has no name of a contract's.
    #[error(
        "{}; no script says a `kind`, so Chainloop runs the policy only where a contract names the material for it, and never \
         in `policy develop eval`",
        no_branch(*.0)
    )]
    OnlyByName(Kind),
    /// The policy is about this kind, and has no script for it.
    #[error("{}; `spec.type` says this kind, and no script is for it", no_branch(*.0))]
    NoScript(Kind),
    /// Every module asks for its answer not to be counted.
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
    /// A module's answer makes no sense.
    #[error("{}", if .0.is_of_execution() { executing(.0) } else { .0.to_string() })]
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

/// Chainloop's words about a material, with the place behind them.
fn told(error: &MaterialError) -> String {
    let MaterialError { name, position, words, detail, advice } = error;
    if detail.is_some() {
        return error.to_string();
    }
    let place = position.map(|Position { line, column }| format!(":{line}:{column}")).unwrap_or_default();
    let advice = advice.as_ref().map(|advice| format!(": {advice}")).unwrap_or_default();
    format!("{words}; {name}{place}{advice}")
}

fn kinds(kinds: &[Kind]) -> String {
    let names: Vec<_> = kinds.iter().map(ToString::to_string).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

impl Policy {
    /// Gets all modules of a policy file ready.
    ///
    /// # Errors
    ///
    /// A module that is not there, or that Chainloop would not run.
    pub fn prepare(engine: &Engine, file: &PolicyFile) -> Result<Self, PrepareError> {
        Self::prepared(engine, file, file.scripts.iter().collect())
    }

    /// Gets the modules ready that are run for materials of this kind. As in Chainloop, the others need not be there.
    ///
    /// # Errors
    ///
    /// As those of [`prepare`](Self::prepare).
    pub fn prepare_for(engine: &Engine, file: &PolicyFile, kind: Kind) -> Result<Self, PrepareError> {
        Self::prepared(engine, file, file.select(kind).scripts)
    }

    fn prepared(engine: &Engine, file: &PolicyFile, scripts: Vec<&Script>) -> Result<Self, PrepareError> {
        let failed = |script: &Script, source| PrepareError::Module { place: script.place(), source };
        // All of them are read before one is compiled, which can take minutes.
        let loaded = loaded(scripts).map(|(script, module)| Ok((script, module?)));
        let loaded = loaded.collect::<Result<Vec<_>, PolicyFileError>>()?;
        let read = |(script, module): (&'_ Script, Vec<u8>)| {
            let module = PolicyModule::from_bytes(engine, module).map_err(|source| failed(script, source))?;
            match module.abi() {
                Abi::Extism => Ok((script.kind, script.place(), module)),
                abi => Err(PrepareError::OtherAbi { place: script.place(), abi }),
            }
        };
        let modules = loaded.into_iter().map(read).collect::<Result<Vec<_>, PrepareError>>()?;
        let compiled = modules.into_iter().map(|(kind, place, module)| {
            let module =
                CompiledPolicy::from_module(engine, module).map_err(|source| PrepareError::Module { place, source })?;
            Ok(Branch { kind, module })
        });
        Ok(Self::new(file, compiled.collect::<Result<Vec<_>, PrepareError>>()?))
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
        Self { name: name.into(), finding_type: None, inputs: None, kinds: None, branches }
    }

    fn new(file: &PolicyFile, branches: Vec<Branch>) -> Self {
        Self {
            name: file.name.clone(),
            finding_type: file.finding_type,
            inputs: Some(file.inputs.clone()),
            kinds: Some(file.kinds.clone()),
            branches,
        }
    }

    /// The policy's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The kinds that the policy file says, in its order.
    pub fn kinds(&self) -> &[Kind] {
        self.kinds.as_deref().unwrap_or_default()
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
        let modules = self.selected(&material)?;
        let mut input = Some(material.into_input()?);
        let arguments = match &self.inputs {
            Some(declared) => arguments(&self.name, declared, inputs).map_err(EvalError::Inputs)?,
            None => Arguments { values: inputs.clone(), warnings: Vec::new() },
        };
        so_far.warnings.clone_from(&arguments.warnings);
        let args = arguments.config();
        let mut evaluations = Vec::new();
        for (index, module) in modules.iter().enumerate() {
            // Inputs are large, so the last module gets the original.
            let last = index + 1 == modules.len();
            let input = if last { input.take() } else { input.clone() }.unwrap_or_default();
            // All of them get the same, and Chainloop shows it once.
            if debug && index == 0 {
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

    /// The modules that are about this material: as [`PolicyFile::select`] has it.
    fn selected(&self, material: &Material) -> Result<Vec<&CompiledPolicy>, EvalError> {
        let kind = material.kind();
        if let Some(kinds) = &self.kinds {
            match applies(kinds, kind) {
                Err(EvalError::OnlyByName(_)) if material.is_named_by_contract() => {}
                other => other?,
            }
        }
        let fits = |branch: &&Branch| branch.kind.is_none_or(|about| about == kind);
        let modules: Vec<_> = self.branches.iter().filter(fits).map(|branch| &branch.module).collect();
        if modules.is_empty() { Err(EvalError::NoScript(kind)) } else { Ok(modules) }
    }
}

impl PolicyFile {
    /// Whether the policy is run for materials of this kind that no contract names.
    ///
    /// # Errors
    ///
    /// Why it is not.
    pub fn applies_to(&self, kind: Kind) -> Result<(), EvalError> {
        applies(&self.kinds, kind)
    }
}

fn applies(kinds: &[Kind], kind: Kind) -> Result<(), EvalError> {
    match kinds {
        [] => Err(EvalError::OnlyByName(kind)),
        kinds if kinds.contains(&kind) => Ok(()),
        kinds => Err(EvalError::OtherKind { kind, about: kinds.to_vec() }),
    }
}

fn ended(failure: Failure, said: Option<String>) -> EvalError {
    let text = said.unwrap_or_else(|| failure.to_string());
    match failure {
        Failure::Instantiate(_) | Failure::Exhausted(_) => EvalError::Start { text, failure },
        _ => EvalError::Execution { explained: ExecutionError::of(&text), failure },
    }
}
