use admit::prelude::*;

#[derive(Deserialize)]
struct Common {
    strict: bool,
}

#[derive(Deserialize, Settings)]
struct Limits {
    most: u32,
    #[serde(default, flatten)]
    common: Option<Common>,
}

fn main() {}
