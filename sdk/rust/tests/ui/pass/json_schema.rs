//! Parts of settings may be anything that serde can decode; without the feature `schema` nothing is left of the derive.

use admit::prelude::*;

#[derive(Deserialize, Settings)]
#[serde(default = "Limits::standard")]
struct Limits {
    #[schemars(range(min = 1))]
    most: u32,
    mode: Mode,
    names: Names,
}

impl Limits {
    fn standard() -> Self {
        Self { most: 1, mode: Mode::Off, names: Names(Vec::new()) }
    }
}

#[derive(Deserialize, JsonSchema)]
enum Mode {
    Off,
    On { since: String },
}

#[derive(Deserialize, JsonSchema)]
#[serde(transparent)]
struct Names(Vec<String>);

mod kit {
    pub use ::admit;
}

#[derive(serde::Deserialize, kit::admit::JsonSchema)]
#[settings(crate = kit::admit)]
struct Unit;

#[admit::policy]
fn validate(_: &Request, limits: &Limits) -> Verdict {
    let _ = Unit;
    match &limits.mode {
        Mode::Off => Verdict::accept(),
        Mode::On { since } => Verdict::reject(format!("since {since}: {} of {:?}", limits.most, limits.names.0)),
    }
}

fn main() {}
