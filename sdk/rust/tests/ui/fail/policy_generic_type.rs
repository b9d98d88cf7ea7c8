use admit::prelude::*;

#[admit::policy]
fn validate<T: Settings>(_: &Request, _: &T) -> Verdict {
    Verdict::accept()
}

fn main() {}
