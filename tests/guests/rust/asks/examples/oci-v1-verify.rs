//! Uses one capability: oci v1 verify.

use admit::capabilities::oci::KeylessIdentity;
use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, _: &NoSettings, host: &Host) -> Result<Verdict, Error> {
    host.oci().verify_pub_keys_v1("a", ["k"]).verify()?;
    host.oci().verify_keyless_v1("a", [KeylessIdentity { issuer: "i", subject: "s" }]).verify()?;
    Ok(Verdict::accept())
}
