use admit::prelude::*;

#[admit::policy]
fn check(_: &Material) -> Verdict {
    Verdict::accept()
}

fn main() {}
