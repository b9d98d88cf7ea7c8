use admit::prelude::*;

/// The parameters share a lifetime.
#[admit::policy]
fn validate<'a>(request: &'a Request, _: &'a NoSettings) -> Result<Verdict, &'static str>
where
    'static: 'a,
{
    if longer(&request.uid(), "a") == "a" { Err("nothing is allowed") } else { Ok(Verdict::accept()) }
}

fn longer<'a>(one: &'a str, other: &'a str) -> &'a str {
    if one.len() > other.len() { one } else { other }
}

fn main() {}
