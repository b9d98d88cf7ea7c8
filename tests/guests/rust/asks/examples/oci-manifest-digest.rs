//! Uses one capability: oci manifest digest.

use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, _: &NoSettings, host: &Host) -> Result<Verdict, Error> {
    host.oci().manifest_digest("a")?;
    Ok(Verdict::accept())
}
