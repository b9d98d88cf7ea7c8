use admit::prelude::*;

#[derive(Deserialize, Settings)]
struct Limits {
    most: u32,
}

#[admit::policy]
fn validate(_: &Request, limits: &Limits) -> Result<Verdict, String> {
    if limits.most == 0 { Err("nothing is allowed".to_owned()) } else { Ok(Verdict::accept()) }
}

fn main() {
    let function: fn(&Request, &Limits) -> Result<Verdict, String> = validate;
    let _ = function;
}
