//! Uses one capability: oci v2 verify.

use admit::capabilities::oci::{KeylessIdentity, KeylessPrefixIdentity};
use admit::prelude::*;

#[admit::policy]
fn validate(_: &Request, _: &NoSettings, host: &Host) -> Result<Verdict, Error> {
    let oci = host.oci();
    oci.verify_pub_keys("a", ["k"]).verify()?;
    oci.verify_keyless("a", [KeylessIdentity { issuer: "i", subject: "s" }]).verify()?;
    oci.verify_keyless_prefix("a", [KeylessPrefixIdentity { issuer: "i", url_prefix: "s" }]).verify()?;
    oci.verify_github_actions("a", "owner").verify()?;
    oci.verify_certificate("a", "certificate").verify()?;
    Ok(Verdict::accept())
}
