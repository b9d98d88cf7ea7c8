use admit::prelude::*;

#[admit::policy]
#[cfg(any())]
fn validate(_: &Request) -> Nothing {}

#[admit::policy]
#[cfg(not(any()))]
fn validate(_: &Request) -> Verdict {
    Verdict::accept()
}

fn main() {}
