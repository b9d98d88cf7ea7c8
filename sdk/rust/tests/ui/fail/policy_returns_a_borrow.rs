use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request) -> Result<Verdict, &str> {
    Ok(Verdict::accept())
}

fn main() {}
