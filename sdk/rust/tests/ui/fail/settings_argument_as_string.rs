use admit::prelude::*;

#[derive(Deserialize, Settings)]
#[settings(check = "positive")]
struct Limits {
    most: u32,
}

fn main() {}
