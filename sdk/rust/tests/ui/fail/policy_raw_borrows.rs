use admit::prelude::*;

#[derive(Deserialize)]
struct Order<'a> {
    name: &'a str,
}

#[admit::policy]
fn validate(_: &Raw<Order<'_>>) -> Verdict {
    Verdict::accept()
}

fn main() {}
