use admit::prelude::*;

#[admit::policy]
fn validate(_: &NoSettings, _: &Raw) -> Verdict {
    Verdict::accept()
}

fn main() {}
