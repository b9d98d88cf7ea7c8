//! Answers from the real network.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use admit::wire::chainloop::{HTTP, HttpRequest, HttpResponse, REQUEST};
use ureq::Agent;
use ureq::http::{Method, Request};
use url::{Host, Url};

use super::{CallError, Capabilities, Deadline, HostRequest};
use admit_runtime::calls::MAX_RESPONSE;

/// Header fields that the client writes itself, whatever the policy wants, as Go's does.
const OWN_FIELDS: [&str; 4] = ["host", "content-length", "transfer-encoding", "trailer"];

/// Makes the HTTP requests of a policy on Chainloop, and passes all other calls on to other capabilities.
///
/// Each call is one request: a redirect is an answer, and who follows it looks at the allow-list again. What a policy gets
/// depends on the network then, so that a test is better off with a [`World`](super::World).
#[derive(Clone)]
pub struct Network {
    inner: Arc<dyn Capabilities>,
    agent: Agent,
    timeout: Duration,
}

impl Network {
    /// `inner` answers whatever is not a request; a request that takes longer than `timeout`, or than what is left of the time of
    /// its run, ends the run as a timeout.
    pub fn new(inner: Arc<dyn Capabilities>, timeout: Duration) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .user_agent(concat!("admit/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { inner, agent: config.new_agent(), timeout }
    }

    fn request(&self, request: &HttpRequest, deadline: Deadline) -> Result<HttpResponse, CallError> {
        // Parsed by the same rules as for the allow-list, so that both see the same host.
        let mut url = Url::parse(&request.url).map_err(|error| format!("invalid url: {error}"))?;
        url.set_fragment(None);
        if !["http", "https"].contains(&url.scheme()) {
            return Err(format!("unsupported protocol scheme {:?}", url.scheme()).into());
        }
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| format!("net/http: invalid method {:?}", request.method))?;
        let bodiless = request.body.is_empty() && ![Method::POST, Method::PUT, Method::PATCH].contains(&method);
        let mut builder = Request::builder().method(method).uri(url.as_str());
        for (name, value) in &request.headers {
            if !OWN_FIELDS.iter().any(|own| name.eq_ignore_ascii_case(own)) {
                builder = builder.header(name, value);
            }
        }
        let invalid = |error: ureq::http::Error| CallError::Failed(format!("invalid request: {error}"));
        let response = match bodiless {
            true => self.run(&url, builder.body(()).map_err(invalid)?, deadline),
            false => self.run(&url, builder.body(request.body.as_slice()).map_err(invalid)?, deadline),
        };
        let mut response = response.map_err(why)?;
        let mut headers: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in response.headers() {
            let value = String::from_utf8_lossy(value.as_bytes());
            // Names are in lower case already.
            headers
                .entry(name.as_str().to_owned())
                .and_modify(|first| {
                    first.push(',');
                    first.push_str(&value);
                })
                .or_insert_with(|| value.clone().into_owned());
        }
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(MAX_RESPONSE as u64).read_to_vec().map_err(why)?;
        Ok(HttpResponse { status, headers, body })
    }

    fn run<B: ureq::AsSendBody>(
        &self,
        url: &Url,
        request: Request<B>,
        deadline: Deadline,
    ) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
        let here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        // Requests to this machine use no proxy: for a proxy, `localhost` is another machine.
        let config = self.agent.configure_request(request).timeout_global(Some(deadline.limits(self.timeout)));
        let request = match here {
            true => config.proxy(None).build(),
            false => config.build(),
        };
        self.agent.run(request)
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network").finish_non_exhaustive()
    }
}

impl Capabilities for Network {
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, CallError> {
        self.call_until(Deadline::NEVER, namespace, operation, payload)
    }

    fn call_until(
        &self,
        deadline: Deadline,
        namespace: &str,
        operation: &str,
        payload: &[u8],
    ) -> Result<Vec<u8>, CallError> {
        if (namespace, operation) != (HTTP, REQUEST) {
            return self.inner.call_until(deadline, namespace, operation, payload);
        }
        let HostRequest::HttpRequest { request } = HostRequest::parse(namespace, operation, payload)? else {
            return Err(format!("unknown operation: {operation}").into());
        };
        let response = self.request(&request, deadline)?;
        serde_json::to_vec(&response).map_err(|error| error.to_string().into())
    }

    fn is_extension(&self, namespace: &str, operation: &str) -> bool {
        self.inner.is_extension(namespace, operation)
    }
}

/// Why there is no response, with the text of Go's client where it has one.
fn why(error: ureq::Error) -> CallError {
    match error {
        ureq::Error::Timeout(_) => CallError::TimedOut,
        ureq::Error::BodyExceedsLimit(_) => "http: request body too large".to_owned().into(),
        ureq::Error::HostNotFound => "dial tcp: lookup: no such host".to_owned().into(),
        ureq::Error::Io(error) => error.to_string().into(),
        other => other.to_string().into(),
    }
}

#[cfg(test)]
mod tests;
