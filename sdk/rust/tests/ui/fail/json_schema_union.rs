use admit::prelude::*;

#[derive(JsonSchema)]
union Number {
    small: u8,
    large: u64,
}

fn main() {}
