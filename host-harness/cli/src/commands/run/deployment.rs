//! Options for the deployment of a policy: enforcement, audit scanner, version of Kubewarden.

use std::path::{Path, PathBuf};

use admit_host::{
    KUBEWARDEN_VERSION,
    admission::{Enforcement, Mode, Skipped},
    input::InputError,
    internal::file_of_uri,
    metadata::Metadata,
    outcome::EvaluationOutcome,
    policy_resource::Modules,
};
use semver::Version;

use crate::error::CliError;

/// Flags of `run`.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(crate) struct Args {
    /// What the policy's answer does: protect or monitor, which lets everything in [default: protect]
    #[arg(long)]
    mode: Option<Mode>,
    /// Make a rejection of every mutation, as for a policy that is not deployed as a mutating one
    #[arg(long)]
    forbid_mutation: bool,
    /// What users are told in place of the policy's own message when their request is rejected
    #[arg(long, value_name = "TEXT")]
    rejection_message: Option<String>,
    /// Ask about a stored object, as Kubewarden's audit scanner does, and show the policy's own answer
    #[arg(long, conflicts_with_all = ["mode", "forbid_mutation", "rejection_message", "raw", "operation", "old_object", "user", "groups", "name", "namespace", "sub_resource"])]
    pub(super) audit: bool,
    /// The Kubewarden to pass for: policies that need a newer one are refused [default: 1.36.0]
    #[arg(long, value_name = "X.Y.Z")]
    kubewarden_version: Option<Version>,
    /// For a file with policies: ask each of them, whatever its rules, selectors and conditions say
    #[arg(long)]
    pub(super) ignore_rules: bool,
    /// For a file with policies: the file, or policy crate, that a `module` in it stands for; can be repeated
    #[arg(long = "module", value_name = "URI=FILE", value_parser = module)]
    modules: Vec<(String, PathBuf)>,
}

/// URIs can have a `=` in them, files rarely do.
fn module(text: &str) -> Result<(String, PathBuf), String> {
    match text.rsplit_once('=') {
        Some((uri, file)) if !uri.is_empty() && !file.is_empty() => {
            Ok((uri.to_owned(), file_of_uri(file).unwrap_or_else(|| Ok(file.into()))?))
        }
        _ => Err("must look like registry://ghcr.io/org/policy:v1=policy.wasm".to_owned()),
    }
}

impl Args {
    pub(super) fn kubewarden_version(&self) -> Version {
        self.kubewarden_version.clone().unwrap_or(KUBEWARDEN_VERSION)
    }

    /// Refuses what only a file with policies can use.
    pub(super) fn for_one_policy(&self) -> Result<(), CliError> {
        if !self.modules.is_empty() {
            return Err(InputError::whole("--module", "goes with a .yml or .yaml file that names modules").into());
        }
        if self.ignore_rules {
            let message = "goes with a .yml or .yaml file of policies; a single policy is asked about everything";
            return Err(InputError::whole("--ignore-rules", message).into());
        }
        Ok(())
    }

    /// The first option that does not go with a file of policies, because the file decides it.
    pub(super) fn said_by_file(&self) -> Option<&'static str> {
        let given = [
            (self.mode.is_some(), "--mode"),
            (self.forbid_mutation, "--forbid-mutation"),
            (self.rejection_message.is_some(), "--rejection-message"),
        ];
        given.iter().find(|(given, _)| *given).map(|(_, option)| *option)
    }

    /// The files of `--module`, by the URIs that they stand for.
    pub(super) fn modules(&self) -> Result<Modules, CliError> {
        let mut modules = Modules::new();
        for (uri, file) in &self.modules {
            if modules.insert(uri.clone(), file.clone()).is_some() {
                return Err(InputError::whole("--module", format!("`{uri}` is given twice")).into());
            }
        }
        Ok(modules)
    }

    /// Refuses `--audit` for a policy that the audit scanner skips.
    pub(super) fn asked_by_audit(&self, metadata: Option<&Metadata>) -> Result<(), CliError> {
        match metadata.filter(|_| self.audit).and_then(Skipped::by_metadata) {
            Some(skipped) => Err(CliError::NothingEvaluated(skipped.to_string())),
            None => Ok(()),
        }
    }

    /// What is sent for an answer of `policy`, whose path is its id as it is for kwctl.
    pub(super) fn applied(&self, outcome: EvaluationOutcome, policy: &Path) -> EvaluationOutcome {
        if self.audit {
            return outcome;
        }
        outcome.enforced(&Enforcement {
            mode: self.mode.unwrap_or_default(),
            allowed_to_mutate: !self.forbid_mutation,
            message: self.rejection_message.clone(),
            policy_id: policy.display().to_string(),
        })
    }
}
