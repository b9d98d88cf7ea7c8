use admit::prelude::*;

#[derive(Deserialize, JsonSchema)]
struct Range<T> {
    least: T,
}

fn main() {}
