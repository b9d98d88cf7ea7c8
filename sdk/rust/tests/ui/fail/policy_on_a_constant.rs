use admit::prelude::*;

#[admit::policy]
const POLICY: fn(&Request) -> Verdict = |_| Verdict::accept();

fn main() {}
