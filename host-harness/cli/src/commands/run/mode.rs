//! The execution mode of a module, in kwctl's words.

use admit_host::{Abi, input::InputError};

use super::{Args, policy};
use crate::error::CliError;

/// What `-e` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Mode {
    /// Open Policy Agent.
    Opa,
    /// Gatekeeper.
    Gatekeeper,
    /// waPC.
    #[value(alias = "kubewarden-wapc")]
    Kubewarden,
    /// A WASI program.
    Wasi,
}

impl Mode {
    fn abi(self) -> Option<Abi> {
        match self {
            Self::Kubewarden => Some(Abi::Wapc),
            Self::Wasi => Some(Abi::Wasi),
            Self::Opa | Self::Gatekeeper => None,
        }
    }
}

fn refused(args: &Args, message: &str) -> CliError {
    InputError::whole(args.policy.display().to_string(), message).into()
}

/// Refuses a mode for a crate, which is built for an ABI.
pub(super) fn of_a_crate(args: &Args) -> Result<(), CliError> {
    match args.execution_mode {
        Some(_) if policy::is_project(&args.policy) => Err(refused(
            args,
            "`--execution-mode` is that of a module; `--abi` chooses what a policy crate is built for",
        )),
        _ => Ok(()),
    }
}

/// Refuses a module that is made for another runtime.
pub(super) fn of_a_module(args: &Args, abi: Abi) -> Result<(), CliError> {
    match args.execution_mode {
        Some(mode) if mode.abi() != Some(abi) => {
            let message = format!("`--execution-mode` does not fit: this is a {abi} policy; leave the option out");
            Err(refused(args, &message))
        }
        _ => Ok(()),
    }
}
