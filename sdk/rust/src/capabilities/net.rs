//! Capabilities of the namespace `net`: DNS lookups, made by the host.

use std::net::IpAddr;

use serde::Deserialize;

use super::Call;
use crate::host::{Host, HostError};

impl Host {
    /// The capabilities of the network (namespace `net`).
    pub fn net(&self) -> Net<'_> {
        Net { host: self }
    }
}

/// Capabilities of the network; comes from [`Host::net`].
#[derive(Clone, Copy, Debug)]
pub struct Net<'h> {
    host: &'h Host,
}

#[derive(Deserialize)]
struct LookupResponse {
    ips: Vec<IpAddr>,
}

impl Net<'_> {
    /// Resolves a host name (`net/v1/dns_lookup_host`) to its addresses, in the order of the resolver. Not cached.
    ///
    /// ```
    /// # use admit::prelude::*;
    /// fn is_local(host: &Host, name: &str) -> Result<bool, Error> {
    ///     Ok(host.net().dns_lookup_host(name)?.iter().all(|address| address.is_loopback()))
    /// }
    /// # let host = Host::new(|_: &str, _: &str, _: &[u8]| Ok(br#"{"ips":["127.0.0.1","::1"]}"#.to_vec()));
    /// # assert!(is_local(&host, "localhost")?);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the capability is denied, or the name does not resolve.
    pub fn dns_lookup_host(self, name: &str) -> Result<Vec<IpAddr>, HostError> {
        let answer = Call::new(self.host, "net", "v1/dns_lookup_host").send(&name)?;
        Ok(answer.decode::<LookupResponse>()?.ips)
    }
}
