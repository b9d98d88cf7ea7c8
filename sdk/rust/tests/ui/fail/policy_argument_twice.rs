use admit::prelude::*;

#[admit::policy(crate = ::admit, crate = ::admit)]
fn validate(_: &Request) -> Verdict {
    Verdict::accept()
}

fn main() {}
