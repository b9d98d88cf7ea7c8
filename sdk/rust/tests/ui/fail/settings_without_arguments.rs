use admit::prelude::*;

#[derive(Deserialize, Settings)]
#[settings]
struct Limits {
    most: u32,
}

fn main() {}
