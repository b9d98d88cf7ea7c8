use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request) -> bool {
    true
}

fn main() {}
