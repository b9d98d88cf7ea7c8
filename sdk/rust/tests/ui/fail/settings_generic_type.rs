use admit::prelude::*;

#[derive(Deserialize, Settings)]
struct Limits<T> {
    most: T,
}

fn main() {}
