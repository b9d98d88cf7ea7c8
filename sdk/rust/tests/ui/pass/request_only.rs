use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request) -> Verdict {
    Verdict::accept()
}

fn main() {
    let function: fn(&Request) -> Verdict = validate;
    let _ = function;
}
