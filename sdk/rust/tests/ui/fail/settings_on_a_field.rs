use admit::prelude::*;

#[derive(Deserialize, Settings)]
struct Limits {
    #[settings(check = positive)]
    most: u32,
}

fn main() {}
