//! Uses one capability: oci manifest config.

use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, _: &NoSettings, host: &Host) -> Result<Verdict, Error> {
    host.oci().oci_manifest_config("a").fetch()?;
    Ok(Verdict::accept())
}
