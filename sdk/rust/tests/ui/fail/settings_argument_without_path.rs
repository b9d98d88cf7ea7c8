use admit::prelude::*;

#[derive(Deserialize, Settings)]
#[settings(check)]
struct Limits {
    most: u32,
}

fn main() {}
