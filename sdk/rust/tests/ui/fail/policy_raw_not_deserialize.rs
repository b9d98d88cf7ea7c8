use admit::prelude::*;

struct Order {}

#[admit::policy]
fn validate(_: &Raw<Order>) -> Verdict {
    Verdict::accept()
}

fn main() {}
