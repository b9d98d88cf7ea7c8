use admit::prelude::*;

#[admit::policy("admit")]
fn validate(_: &Request) -> Verdict {
    Verdict::accept()
}

fn main() {}
