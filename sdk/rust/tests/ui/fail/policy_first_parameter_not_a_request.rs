use admit::prelude::*;

#[admit::policy]
fn validate(_: &Operation) -> Verdict {
    Verdict::accept()
}

fn main() {}
