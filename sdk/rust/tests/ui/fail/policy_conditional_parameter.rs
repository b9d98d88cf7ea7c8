use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, #[cfg(any())] _: &NoSettings) -> Verdict {
    Verdict::accept()
}

fn main() {}
