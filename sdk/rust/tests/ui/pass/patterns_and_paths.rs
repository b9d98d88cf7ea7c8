use admit::prelude::*;

mod settings {
    #[derive(serde::Deserialize, admit::Settings)]
    pub(crate) struct Limits {
        pub(crate) most: u32,
    }
}

type Incoming = Request;

#[admit::policy]
fn validate(_: &Incoming, settings::Limits { most }: &settings::Limits) -> Verdict {
    if *most == 0 { Verdict::reject("nothing is allowed") } else { Verdict::accept() }
}

fn main() {}
