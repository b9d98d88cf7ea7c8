//! ABIs and platforms, and what an ABI decides about a run.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use wasmparser::WasmFeatures;

/// How host and policy talk to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Abi {
    /// Kubewarden's default: the host calls `__guest_call`.
    Wapc,
    /// A command line program: the host runs `_start`, the request is on stdin, the answer on stdout.
    Wasi,
    /// An Extism plug-in: the host calls `Execute`, bytes go through functions of `extism:host/env`. Texts and files call it
    /// `chainloop`, after the platform that runs policies like this.
    #[serde(rename = "chainloop")]
    Extism,
}

/// The system that runs a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Platform {
    /// Kubewarden, which evaluates admission requests and raw requests.
    Kubewarden,
    /// Chainloop, which executes policies on materials.
    Chainloop,
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Kubewarden => "Kubewarden",
            Self::Chainloop => "Chainloop",
        })
    }
}

impl Abi {
    /// Every ABI that this host speaks.
    pub const ALL: &'static [Self] = &[Self::Wapc, Self::Wasi, Self::Extism];

    /// `wapc`, `wasi` or `chainloop`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wapc => "wapc",
            Self::Wasi => "wasi",
            Self::Extism => "chainloop",
        }
    }

    /// The platform whose policies speak it.
    pub fn platform(self) -> Platform {
        self.traits().platform
    }

    /// The row of this ABI: what it decides about a run.
    pub(crate) fn traits(self) -> &'static Traits {
        match self {
            Self::Wapc => &WAPC,
            Self::Wasi => &WASI,
            Self::Extism => &EXTISM,
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
        Self::ALL.iter().copied().find(|abi| abi.name() == text).ok_or_else(|| ParseAbiError(text.to_owned()))
    }
}

/// What an ABI decides about a run, besides how it is spoken.
pub(crate) struct Traits {
    pub(crate) platform: Platform,
    /// Wall-clock time of an operation, unless the run has a limit of its own.
    pub(crate) wall_time: Duration,
    /// Memory in bytes, unless the run has a limit of its own.
    pub(crate) memory: u64,
    pub(crate) clocks: Clocks,
    pub(crate) generator: Generator,
    pub(crate) polls: Polls,
    /// The modules under which WASI's functions can be imported.
    pub(crate) previews: &'static [&'static str],
    pub(crate) exports: &'static [Expected],
    /// The WebAssembly that its platform runs.
    pub(crate) features: WasmFeatures,
}

/// How the two clocks of a guest relate when they are fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clocks {
    /// One time for both: reading one clock, or sleeping, advances the other one, too.
    Together,
    /// Reading one clock does not advance the other one, and sleeping advances neither.
    Independent,
}

/// Where seeded random bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generator {
    SplitMix,
    /// That of Go's `math/rand`.
    Go,
}

/// The result of `poll_oneoff` for a subscription that is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Polls {
    /// The call fails, as on wasmtime.
    Fail,
    /// The call succeeds, and the event of the subscription has the error, as on wazero.
    Tell,
}

/// An export that an ABI knows.
pub(crate) struct Expected {
    pub(crate) name: &'static str,
    /// As [`Export::ty`](crate::inspect::Export::ty) shows it.
    pub(crate) ty: &'static str,
    /// Whether a policy of this ABI has to export it.
    pub(crate) required: bool,
}

/// What the engine runs, and what Kubewarden runs, whose engine it is: the features of wasmtime that are on by default.
pub const FEATURES: WasmFeatures = WasmFeatures::WASM3;

const COMMAND: &str = "function () -> ()";
const MEMORY: Expected = Expected { name: "memory", ty: "memory", required: true };

/// The two names of WASI preview 1; Kubewarden has both, Chainloop the first only.
pub(crate) const PREVIEW_1: &str = "wasi_snapshot_preview1";
pub(crate) const PREVIEW_0: &str = "wasi_unstable";

const WAPC: Traits = Traits {
    platform: Platform::Kubewarden,
    wall_time: Duration::from_secs(10),
    memory: 256 << 20,
    clocks: Clocks::Together,
    generator: Generator::SplitMix,
    polls: Polls::Fail,
    previews: &[PREVIEW_1, PREVIEW_0],
    exports: &[
        Expected { name: "__guest_call", ty: "function (i32, i32) -> (i32)", required: true },
        Expected { name: "_start", ty: COMMAND, required: false },
        Expected { name: "wapc_init", ty: COMMAND, required: false },
        MEMORY,
    ],
    features: FEATURES,
};

const WASI: Traits = Traits { exports: &[Expected { name: "_start", ty: COMMAND, required: true }, MEMORY], ..WAPC };

/// `Execute` is not among the exports: Chainloop checks its parameters and results one by one, with an error text for each.
const EXTISM: Traits = Traits {
    platform: Platform::Chainloop,
    wall_time: Duration::from_secs(60),
    memory: 1 << 30,
    clocks: Clocks::Independent,
    generator: Generator::Go,
    polls: Polls::Tell,
    previews: &[PREVIEW_1],
    exports: &[],
    // wazero as it is when nobody sets it up.
    features: WasmFeatures::WASM2,
};
