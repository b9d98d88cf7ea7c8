use admit::prelude::*;

#[derive(Settings)]
union Limits {
    soft: u32,
    hard: u32,
}

fn main() {}
