//! What a module is, from its imports and exports.

use super::{Export, Import};
use crate::abi::Abi;

/// The function that Chainloop calls.
pub(crate) const EXECUTE: &str = "Execute";

/// The one function that Chainloop adds to Extism's.
pub(crate) const DISCOVER: &str = "chainloop_discover";

/// What a module is, by its imports and exports.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Recognised {
    /// A policy that can be run.
    Policy(Abi),
    /// A policy of a kind that this host recognises and cannot run: Rego, compiled by `opa build -t wasm`.
    Rego {
        /// The export by which it was recognised.
        export: String,
    },
    /// Neither of these: the module speaks no ABI that this host knows.
    Unknown {
        /// What it exports, in words.
        exports: String,
        /// The modules that it imports from, in words.
        imports: String,
    },
}

impl Recognised {
    /// The ABI to run it with.
    ///
    /// # Errors
    ///
    /// [`UnknownAbi`] when it is not run.
    pub fn abi(&self) -> Result<Abi, UnknownAbi> {
        match self {
            Self::Policy(abi) => Ok(*abi),
            Self::Rego { export } => Err(UnknownAbi::Rego { export: export.clone() }),
            Self::Unknown { exports, imports } => {
                Err(UnknownAbi::Unrecognised { exports: exports.clone(), imports: imports.clone() })
            }
        }
    }
}

/// Why a module cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownAbi {
    /// A Rego policy, compiled by `opa build -t wasm`.
    #[error(
        "this is a Rego policy (it has `{export}`): OPA and Gatekeeper policies are not supported yet; run it with kwctl"
    )]
    Rego {
        /// The export by which it was recognised.
        export: String,
    },
    /// The module speaks no ABI that this host knows.
    #[error(
        "this module speaks no policy ABI: a waPC policy exports `__guest_call` or imports from `wapc`, a WASI policy exports `_start`, a Chainloop \
         policy exports `Execute` or imports from `extism:host/env`; this module exports {exports} and imports from {imports}. Was it built as a policy (crate type `cdylib` for waPC, an entry point macro in place)?"
    )]
    Unrecognised {
        /// What it exports.
        exports: String,
        /// The modules that it imports from.
        imports: String,
    },
}

/// Says what it is. WASI comes last: TinyGo's waPC and Chainloop policies have a `_start` too.
pub(super) fn recognise(imports: &[Import], exports: &[Export]) -> Recognised {
    let exported = |name: &str| exports.iter().any(|export| export.name == name);
    if exported("__guest_call") || imports.iter().any(|import| import.module == "wapc") {
        return Recognised::Policy(Abi::Wapc);
    }
    if let Some(export) = exports.iter().find(|export| export.name.starts_with("opa_")) {
        return Recognised::Rego { export: export.name.clone() };
    }
    let extism = |import: &Import| {
        let in_env = import.name == DISCOVER || import.name.starts_with("extism_");
        import.module.starts_with("extism:") || import.module == "env" && in_env
    };
    if exported(EXECUTE) || imports.iter().any(extism) {
        return Recognised::Policy(Abi::Extism);
    }
    if exported("_start") {
        return Recognised::Policy(Abi::Wasi);
    }
    Recognised::Unknown {
        exports: shortened(exports.iter().map(|export| export.name.as_str())),
        imports: shortened(imports.iter().map(|import| import.module.as_str())),
    }
}

/// Names in quotes, without repetitions; only the first 8.
fn shortened<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const SHOWN: usize = 8;
    let mut distinct: Vec<&str> = Vec::new();
    for name in names {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
        if distinct.len() > SHOWN {
            break;
        }
    }
    if distinct.is_empty() {
        return "nothing".to_owned();
    }
    let more = if distinct.len() > SHOWN { ", …" } else { "" };
    let shown: Vec<String> =
        distinct.iter().take(SHOWN).map(|name| format!("`{}`", name.chars().take(64).collect::<String>())).collect();
    format!("{}{more}", shown.join(", "))
}
