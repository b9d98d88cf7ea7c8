use admit::prelude::*;

#[admit::policy]
fn validate(_: &mut Request) -> Verdict {
    Verdict::accept()
}

fn main() {}
