use admit::prelude::*;

#[admit::policy]
fn validate(_request: Request) -> Verdict {
    Verdict::accept()
}

fn main() {}
