//! Uses one capability: kubernetes can i.

use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, _: &NoSettings, host: &Host) -> Result<Verdict, Error> {
    host.kubernetes().can_i("u", "get", "pods").ask()?;
    Ok(Verdict::accept())
}
