//! Uses one capability: crypto is certificate trusted.

use admit::capabilities::crypto::Certificate;
use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, _: &NoSettings, host: &Host) -> Result<Verdict, Error> {
    let _ = host.crypto().is_certificate_trusted(Certificate::pem("c")).ask()?;
    Ok(Verdict::accept())
}
