//! Uses one capability: kubernetes list resources by namespace.

use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, _: &NoSettings, host: &Host) -> Result<Verdict, Error> {
    host.kubernetes().list_resources_by_namespace("v1", "Pod", "a").fetch()?;
    Ok(Verdict::accept())
}
