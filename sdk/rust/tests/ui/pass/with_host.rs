use admit::prelude::*;

#[admit::policy]
pub(crate) fn validate(_: &Request, _: &NoSettings, host: &Host) -> Result<Verdict, HostError> {
    host.call("net", "v1/dns_lookup_host", b"\"example.com\"")?;
    Ok(Verdict::accept())
}

fn main() {
    let function: fn(&Request, &NoSettings, &Host) -> Result<Verdict, HostError> = validate;
    let _ = function;
}
