use admit::prelude::*;

#[derive(Deserialize, Settings)]
#[settings(check = positive)]
struct Limits {
    most: u32,
}

fn positive(limits: &Limits) -> bool {
    limits.most > 0
}

fn main() {}
