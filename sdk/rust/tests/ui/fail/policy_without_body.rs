use admit::prelude::*;

trait Policy {
    #[admit::policy]
    fn validate(_: &Request) -> Verdict;
}

fn main() {}
