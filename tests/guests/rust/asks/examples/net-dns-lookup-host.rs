//! Uses one capability: net dns lookup host.

use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, _: &NoSettings, host: &Host) -> Result<Verdict, Error> {
    host.net().dns_lookup_host("a")?;
    Ok(Verdict::accept())
}
