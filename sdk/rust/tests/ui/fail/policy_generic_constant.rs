use admit::prelude::*;

#[admit::policy]
fn validate<const LIMIT: usize>(_: &Request) -> Verdict {
    Verdict::accept()
}

fn main() {}
