//! Asks the host every question in its settings and answers with one warning for each: what the SDK made of the answer,
//! as JSON. `tests/peers/upstream-capabilities` does the same with Kubewarden's own SDK; neither knows the other.

mod ask;
mod question;

use admit::prelude::*;

use question::Question;

/// What to ask.
#[derive(Deserialize, Settings)]
struct Settings {
    ask: Vec<Question>,
}

#[admit::policy]
fn validate(_: &Request, settings: &Settings, host: &Host) -> Verdict {
    let mut verdict = Verdict::accept();
    for question in &settings.ask {
        verdict.warn(ask::ask(host, question).to_string());
    }
    verdict
}
