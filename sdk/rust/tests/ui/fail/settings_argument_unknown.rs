use admit::prelude::*;

#[derive(Deserialize, Settings)]
#[settings(chek = Self::check)]
struct Limits {
    most: u32,
}

fn main() {}
