use admit::prelude::*;

#[admit::policy]
fn validate(_: &'static Request) -> Verdict {
    Verdict::accept()
}

fn main() {}
