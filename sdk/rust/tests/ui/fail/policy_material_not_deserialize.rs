use admit::prelude::*;

struct Sbom {}

#[admit::policy]
fn check(_: &Material<Sbom>) -> Evaluation {
    Evaluation::success()
}

fn main() {}
