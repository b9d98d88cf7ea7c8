use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, NoSettings {}: NoSettings) -> Verdict {
    Verdict::accept()
}

fn main() {}
