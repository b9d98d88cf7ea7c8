use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, _: &impl Settings) -> Verdict {
    Verdict::accept()
}

fn main() {}
