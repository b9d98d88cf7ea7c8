use admit::prelude::*;

#[admit::policy(crate)]
fn validate(_: &Request) -> Verdict {
    Verdict::accept()
}

fn main() {}
