//! Takes the host, and asks it for nothing.

use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, _: &NoSettings, _: &Host) -> Verdict {
    Verdict::accept()
}
