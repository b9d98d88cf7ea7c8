use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, _host: &Host) -> Verdict {
    Verdict::accept()
}

fn main() {}
