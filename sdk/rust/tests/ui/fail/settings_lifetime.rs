use admit::prelude::*;

#[derive(Deserialize, Settings)]
struct Names<'a> {
    first: &'a str,
}

fn main() {}
