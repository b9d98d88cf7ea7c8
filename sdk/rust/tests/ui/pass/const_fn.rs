use admit::prelude::*;

#[admit::policy]
pub const fn validate(_: &Request) -> Result<Verdict, &'static str> {
    Err("nothing is allowed")
}

fn main() {}
