use admit::prelude::*;

#[derive(Deserialize, Settings)]
struct Nothing;

fn main() {}
