use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, _: &NoSettings, _: &Host, _limit: &u32) -> Verdict {
    Verdict::accept()
}

fn main() {}
