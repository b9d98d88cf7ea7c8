use admit::prelude::*;

#[derive(Deserialize, Settings)]
#[settings = "positive"]
struct Limits {
    most: u32,
}

fn main() {}
