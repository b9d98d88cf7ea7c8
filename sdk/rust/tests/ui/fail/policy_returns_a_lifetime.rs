use admit::prelude::*;

#[admit::policy]
fn validate<'a>(_: &'a Request) -> Result<Verdict, std::borrow::Cow<'a, str>> {
    Ok(Verdict::accept())
}

fn main() {}
