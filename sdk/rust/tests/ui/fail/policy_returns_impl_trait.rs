use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request) -> impl admit::IntoAnswer<Verdict> {
    Verdict::accept()
}

fn main() {}
