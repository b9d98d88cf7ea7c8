use admit::prelude::*;

#[admit::policy(crate = ::admit crate_path)]
fn validate(_: &Request) -> Verdict {
    Verdict::accept()
}

fn main() {}
