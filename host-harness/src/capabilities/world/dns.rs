//! What names resolve to.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde_json::{Value, json};

use super::{miss, short};
use crate::capabilities::{CallError, callback_failure};
use crate::input::{Cursor, InputError};

/// Upstream's error for a name that does not resolve.
const UNKNOWN: &str = "failed to lookup address information: Name or service not known";

/// Addresses, or the text of the failure, by lower-case host.
pub(super) type Dns = BTreeMap<String, Result<Vec<String>, String>>;

/// Collects what documents say.
#[derive(Default)]
pub(super) struct Reader<'d> {
    hosts: BTreeMap<String, (Result<Vec<String>, String>, Cursor<'d>)>,
}

impl<'d> Reader<'d> {
    /// The `dns` of a world.
    pub(super) fn section(&mut self, section: &Cursor<'d>) -> Result<(), InputError> {
        for (host, entry) in section.entries()? {
            let key = host.to_lowercase();
            if let Some((_, first)) = self.hosts.get(&key) {
                return Err(entry.error(format!("this host is given twice; it is already at {}", first.place())));
            }
            self.hosts.insert(key, (answer(&entry)?, entry));
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Dns {
        self.hosts.into_iter().map(|(host, (answer, _))| (host, answer)).collect()
    }
}

fn answer(entry: &Cursor<'_>) -> Result<Result<Vec<String>, String>, InputError> {
    if entry.value().is_object() {
        entry.only_keys(&["error"])?;
        let text = entry.required("error", "the text that the lookup fails with")?.string()?;
        return Ok(Err(text.to_owned()));
    }
    let address = |item: &Cursor<'_>| match item.string()?.parse::<IpAddr>() {
        Ok(address) => Ok(address.to_string()),
        Err(_) => Err(item.error("must be an IP address, for example `192.0.2.1` or `2001:db8::1`")),
    };
    let addresses = entry.list()?.iter().map(address).collect::<Result<Vec<_>, _>>()?;
    Ok(if addresses.is_empty() { Err(UNKNOWN.to_owned()) } else { Ok(addresses) })
}

/// The answer of `dns_lookup_host`.
pub(super) fn lookup(dns: &Dns, host: &str, world: &str) -> Result<Value, CallError> {
    match dns.get(&host.to_lowercase()) {
        Some(Ok(addresses)) => Ok(json!({"ips": addresses})),
        Some(Err(text)) => Err(callback_failure(text).into()),
        // An address needs no lookup.
        None => match host.parse::<IpAddr>() {
            Ok(address) => Ok(json!({"ips": [address]})),
            Err(_) => {
                let entry = serde_json::to_string(short(host)).unwrap_or_default();
                Err(miss(
                    world,
                    "host",
                    host,
                    dns.keys().map(String::as_str),
                    &format!("dns: {{{entry}: [192.0.2.1]}}"),
                ))
            }
        },
    }
}
