//! Uses one capability: kubernetes list resources all.

use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, _: &NoSettings, host: &Host) -> Result<Verdict, Error> {
    host.kubernetes().list_resources_all("v1", "Pod").fetch()?;
    Ok(Verdict::accept())
}
