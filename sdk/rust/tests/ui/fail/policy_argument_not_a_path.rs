use admit::prelude::*;

#[admit::policy(crate = 1 + 1)]
fn validate(_: &Request) -> Verdict {
    Verdict::accept()
}

fn main() {}
