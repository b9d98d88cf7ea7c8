use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, _: &std::borrow::Cow<'_, str>) -> Verdict {
    Verdict::accept()
}

fn main() {}
