use admit::prelude::*;

#[derive(Deserialize, Settings)]
enum Mode {
    Strict,
    Lenient,
}

fn main() {}
