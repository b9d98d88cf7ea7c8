use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request) -> impl admit::IntoVerdict {
    Verdict::accept()
}

fn main() {}
