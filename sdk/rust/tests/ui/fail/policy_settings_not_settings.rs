use admit::prelude::*;

struct Limits {}

#[admit::policy]
fn validate(_: &Request, _: &Limits) -> Verdict {
    Verdict::accept()
}

fn main() {}
