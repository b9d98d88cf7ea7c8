use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, _: ...) -> Verdict {
    Verdict::accept()
}

fn main() {}
