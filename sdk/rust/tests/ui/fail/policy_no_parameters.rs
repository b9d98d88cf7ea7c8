use admit::prelude::*;

#[admit::policy]
fn validate() -> Verdict {
    Verdict::accept()
}

fn main() {}
