//! Uses one capability: oci manifest.

use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, _: &NoSettings, host: &Host) -> Result<Verdict, Error> {
    host.oci().oci_manifest("a").fetch()?;
    Ok(Verdict::accept())
}
