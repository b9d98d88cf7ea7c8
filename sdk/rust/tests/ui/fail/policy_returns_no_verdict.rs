use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request) -> Option<Verdict> {
    None
}

fn main() {}
