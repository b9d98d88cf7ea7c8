use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request) {}

fn main() {}
