//! Which ABI a module speaks, from its imports and exports.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Export, Import};

/// The function that Chainloop calls.
pub(crate) const EXECUTE: &str = "Execute";

/// The one function that Chainloop adds to Extism's.
pub(crate) const DISCOVER: &str = "chainloop_discover";

/// How host and policy talk to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Abi {
    /// Kubewarden's default: the host calls `__guest_call`.
    Wapc,
    /// A command line program: the host runs `_start`, the request is on stdin, the answer on stdout.
    Wasi,
    /// An Extism plug-in, as Chainloop runs them: the host calls `Execute`, bytes go through functions of
    /// `extism:host/env`.
    Chainloop,
}

impl Abi {
    /// Every ABI.
    pub const ALL: [Self; 3] = [Self::Wapc, Self::Wasi, Self::Chainloop];

    /// `wapc`, `wasi` or `chainloop`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wapc => "wapc",
            Self::Wasi => "wasi",
            Self::Chainloop => "chainloop",
        }
    }
}

impl fmt::Display for Abi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The text does not name an ABI.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown ABI `{0}`, expected `wapc`, `wasi` or `chainloop`")]
pub struct ParseAbiError(String);

impl FromStr for Abi {
    type Err = ParseAbiError;

    fn from_str(text: &str) -> Result<Self, ParseAbiError> {
        Self::ALL.into_iter().find(|abi| abi.name() == text).ok_or_else(|| ParseAbiError(text.to_owned()))
    }
}

/// Why no ABI was recognised.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownAbi {
    /// A Rego policy, compiled by `opa build -t wasm`.
    #[error(
        "this is a Rego policy (it has `{export}`): OPA and Gatekeeper policies are not supported yet; run it with kwctl"
    )]
    Rego {
        /// The export that gives it away.
        export: String,
    },
    /// Nothing known.
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

/// Names the ABI. WASI comes last: TinyGo's waPC and Chainloop policies have a `_start` too.
pub(super) fn recognise(imports: &[Import], exports: &[Export]) -> Result<Abi, UnknownAbi> {
    let exported = |name: &str| exports.iter().any(|export| export.name == name);
    if exported("__guest_call") || imports.iter().any(|import| import.module == "wapc") {
        return Ok(Abi::Wapc);
    }
    if let Some(export) = exports.iter().find(|export| export.name.starts_with("opa_")) {
        return Err(UnknownAbi::Rego { export: export.name.clone() });
    }
    let extism = |import: &Import| {
        let in_env = import.name == DISCOVER || import.name.starts_with("extism_");
        import.module.starts_with("extism:") || import.module == "env" && in_env
    };
    if exported(EXECUTE) || imports.iter().any(extism) {
        return Ok(Abi::Chainloop);
    }
    if exported("_start") {
        return Ok(Abi::Wasi);
    }
    Err(UnknownAbi::Unrecognised {
        exports: shortened(exports.iter().map(|export| export.name.as_str())),
        imports: shortened(imports.iter().map(|import| import.module.as_str())),
    })
}

/// Names in quotes, without repetitions, and no more than a person reads.
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
