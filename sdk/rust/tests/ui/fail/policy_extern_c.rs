use admit::prelude::*;

#[admit::policy]
extern "C" fn validate(_: &Request) -> Verdict {
    Verdict::accept()
}

fn main() {}
