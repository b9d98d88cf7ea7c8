//! Uses one capability: log.

use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, _: &NoSettings, host: &Host) -> Result<Verdict, Error> {
    host.info("hello");
    Ok(Verdict::accept())
}
