use admit::prelude::*;

#[admit::policy]
fn validate(_: &NoSettings, _request: &Request) -> Verdict {
    Verdict::accept()
}

fn main() {}
