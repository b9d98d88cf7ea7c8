use admit::prelude::*;

#[admit::policy(name = validate)]
fn validate(_: &Request) -> Verdict {
    Verdict::accept()
}

fn main() {}
