use admit::prelude::*;

#[admit::policy]
unsafe fn validate(_: &Request) -> Verdict {
    Verdict::accept()
}

fn main() {}
