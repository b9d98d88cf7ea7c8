use admit::prelude::*;

#[derive(Deserialize, Settings)]
struct Names(Vec<String>);

fn main() {}
