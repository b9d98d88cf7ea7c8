use admit::prelude::*;

struct Policy;

impl Policy {
    #[admit::policy]
    fn validate(&self, _: &Request) -> Verdict {
        Verdict::accept()
    }
}

fn main() {}
