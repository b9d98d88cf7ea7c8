use admit::prelude::*;

#[admit::policy]
async fn validate(_: &Request) -> Verdict {
    Verdict::accept()
}

fn main() {}
