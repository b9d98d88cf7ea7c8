//! Uses one capability: kubernetes get resource.

use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, _: &NoSettings, host: &Host) -> Result<Verdict, Error> {
    host.kubernetes().get_resource("v1", "Pod", "a").fetch()?;
    Ok(Verdict::accept())
}
