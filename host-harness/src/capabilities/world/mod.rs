//! A cluster, a registry, a network and a Chainloop that exist in files only.

pub(super) mod certificates;
mod chainloop;
mod cluster;
mod dns;
mod files;
mod http;
mod registry;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls_pki_types::UnixTime;
use serde_json::Value;

use self::chainloop::Chainloop;
use self::cluster::Cluster;
use self::cluster::answer::{Get, List};
use self::dns::Dns;
use self::files::{Included, Part};
use self::http::Http;
use self::registry::Registry;
use super::{CallError, Capabilities, HostRequest, native};
use crate::input::{Cursor, Document, InputError};
use crate::suite::{Base, Suite};

/// Most characters of a guest's string in errors: more than real images, hosts or kinds have.
const MAX_SHOWN: usize = 300;

/// Names that are compared with a guest's word to find the nearest one.
const MAX_COMPARED: usize = 1_000;

/// What is in a world document.
const KEYS: [&str; 6] = ["now", "cluster", "registry", "dns", "http", "chainloop"];

#[doc = include_str!("format.md")]
///
/// # Example
///
#[doc = concat!("```yaml\n", include_str!("example.yaml"), "```")]
///
/// It is a host for native unit tests, too: see [`admit::Host`].
///
/// ```
/// use std::path::Path;
/// use admit_host::Capabilities as _;
/// use admit_host::capabilities::World;
///
/// # const EXAMPLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/capabilities/world/example.yaml"));
/// let world = World::parse(EXAMPLE.as_bytes(), "world.yaml", Path::new("."))?;
///
/// let list = br#"{"api_version": "v1", "kind": "Namespace", "label_selector": "team=red", "field_masks": ["spec"]}"#;
/// let answer = world.call("kubernetes", "list_resources_all", list).unwrap();
/// assert!(String::from_utf8(answer).unwrap().contains(r#""name":"shop""#));
///
/// let text = world.call("net", "v1/dns_lookup_host", br#""db.exmaple""#).unwrap_err().to_string();
/// assert!(text.starts_with("world.yaml has no host `db.exmaple`; the nearest of its 2 hosts is `db.example`."));
/// # for call in [r#"{"type": "SigstoreGithubActionsVerify", "image": "ghcr.io/org/app:1.0", "owner": "org"}"#] {
/// #     world.call("oci", "v2/verify", call.as_bytes()).unwrap();
/// # }
/// # world.call("oci", "v1/oci_manifest_config", br#""ghcr.io/org/app:1.0""#).unwrap();
///
/// let get = br#"{"url": "https://api.example.com/licenses", "method": "GET"}"#;
/// let answer = world.call("http", "request", get).unwrap();
/// assert_eq!(answer, br#"{"body":"{\"allowed\":[\"MIT\"]}","headers":{},"status":200}"#);
/// # world.call("chainloop", "discover", br#"{"digest": "sha256:abc"}"#).unwrap();
/// # Ok::<(), admit_host::input::InputError>(())
/// ```
#[derive(Clone)]
pub struct World(Arc<Inner>);

struct Inner {
    /// Where it comes from, for messages.
    name: String,
    now: UnixTime,
    /// `None` when the world says nothing about a cluster.
    cluster: Option<Cluster>,
    registry: Registry,
    dns: Dns,
    http: Http,
    chainloop: Chainloop,
}

impl World {
    /// The JSON Schema (draft 2020-12) of a document of a world, for editors: they complete keys, show what a key does, and mark
    /// what [`open`](Self::open) would refuse.
    ///
    /// A schema cannot express everything. Only [`open`](Self::open) finds files that do not exist, keys that are not PEM,
    /// image references that are not valid, unknown kinds, and duplicates.
    pub const SCHEMA: &str = include_str!("../../../schemas/world.schema.json");

    /// Reads a world from a file or a folder. The files that it names are in that folder, or in that of the file.
    ///
    /// # Errors
    ///
    /// What is wrong, with file, line and field.
    pub fn open(path: &Path) -> Result<Self, InputError> {
        Self::open_in(path, &Suite::of(path))
    }

    /// Reads a world from a file or a folder. The files that it names, and those in the folder, are in the suite.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_in(path: &Path, suite: &Suite) -> Result<Self, InputError> {
        build(path.display().to_string(), &files::parts(path, suite)?)
    }

    /// The files that the world at `path` names (`file: path`), wherever they are; they need not exist.
    ///
    /// # Errors
    ///
    /// Documents that cannot be read.
    pub fn files_named_by(path: &Path, suite: &Suite) -> Result<Vec<PathBuf>, InputError> {
        files::named_by(path, suite)
    }

    /// Reads the content of a file; `name` goes into errors, paths in it start at the folder `base` and stay in it.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn parse(bytes: &[u8], name: impl Into<String>, base: &Path) -> Result<Self, InputError> {
        let name = name.into();
        let base = Base::new(base, &Suite::folder(base));
        let part = |document| Part { document, base: base.clone() };
        let parts: Vec<Part> = Document::parse_all(bytes, name.clone())?.into_iter().map(part).collect();
        build(name, &parts)
    }

    /// A world that stands in another document.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub(crate) fn from_cursor(cursor: &Cursor<'_>, base: &Base) -> Result<Self, InputError> {
        build_from(cursor.place(), &[(cursor.clone(), base)])
    }

    /// An object of its cluster, as the API server has it; `namespace` is empty for what lives in none.
    pub fn object(&self, api_version: &str, kind: &str, namespace: &str, name: &str) -> Option<&Value> {
        self.0.cluster.as_ref()?.object(api_version, kind, namespace, name)
    }

    fn answer(&self, request: &HostRequest) -> Result<Value, CallError> {
        let Inner { name: world, now, cluster, registry, dns, http, chainloop } = &*self.0;
        let cluster = || {
            cluster.as_ref().ok_or_else(|| {
                CallError::Unanswerable(format!(
                    "{world} has no cluster, and the policy asks one ({}); add `cluster: {{objects: []}}` to it, or a file \
                     with what `kubectl get … -o yaml` prints",
                    request.tag()
                ))
            })
        };
        match request {
            HostRequest::KubernetesListResourceNamespace {
                api_version,
                kind,
                namespace,
                label_selector,
                field_selector,
                field_masks,
            } => cluster()?.list(
                &List {
                    api_version,
                    kind,
                    namespace: Some(namespace),
                    label_selector: label_selector.as_deref(),
                    field_selector: field_selector.as_deref(),
                    field_masks: field_masks.as_ref(),
                },
                world,
            ),
            HostRequest::KubernetesListResourceAll {
                api_version,
                kind,
                label_selector,
                field_selector,
                field_masks,
            } => cluster()?.list(
                &List {
                    api_version,
                    kind,
                    namespace: None,
                    label_selector: label_selector.as_deref(),
                    field_selector: field_selector.as_deref(),
                    field_masks: field_masks.as_ref(),
                },
                world,
            ),
            HostRequest::KubernetesGetResource {
                api_version,
                kind,
                name,
                namespace,
                disable_cache: _,
                field_masks,
            } => cluster()?.get(
                &Get { api_version, kind, namespace: namespace.as_deref(), name, field_masks: field_masks.as_ref() },
                world,
            ),
            HostRequest::KubernetesCanI { request, disable_cache: _ } => cluster()?.can_i(request, world),
            HostRequest::DNSLookupHost { host } => dns::lookup(dns, host, world),
            HostRequest::CryptoIsCertificateTrusted { request } => certificates::is_trusted(request, *now),
            HostRequest::HttpRequest { request } => http.respond(request, world),
            HostRequest::ChainloopDiscover { digest, kind } => chainloop.discover(digest, kind, world),
            of_images => registry.answer(of_images, *now, world),
        }
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("World").field(&self.0.name).finish()
    }
}

impl Capabilities for World {
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, CallError> {
        // In a native test the call is not authorised before.
        let request = HostRequest::parse(namespace, operation, payload)?;
        self.answer(&request).map(|answer| answer.to_string().into_bytes())
    }
}

impl admit::HostClient for World {
    /// # Panics
    ///
    /// When the world cannot answer: a policy that treats every error alike would hide that from its test.
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, String> {
        native::answer(self, namespace, operation, payload)
    }
}

fn build(name: String, parts: &[Part]) -> Result<World, InputError> {
    let cursors: Vec<_> = parts.iter().map(|part| (part.document.root(), &part.base)).collect();
    build_from(name, &cursors)
}

fn build_from(name: String, parts: &[(Cursor<'_>, &Base)]) -> Result<World, InputError> {
    let mut included = Included::default();
    for (cursor, base) in parts {
        if files::is_world(cursor.value()) {
            included.read(cursor, base)?;
        }
    }
    let mut now: Option<(UnixTime, Cursor<'_>)> = None;
    let mut cluster = cluster::Reader::default();
    let mut registry = registry::Reader::default();
    let mut dns = dns::Reader::default();
    let mut http = http::Reader::default();
    let mut chainloop = chainloop::Reader::default();
    for (cursor, base) in parts {
        if cursor.value().is_array() {
            return Err(cursor.error(
                "must be an object, found an array; a recorded session goes to --replay, in a case to `session`",
            ));
        }
        if !files::is_world(cursor.value()) {
            cluster.manifest(cursor)?;
            continue;
        }
        only_world_keys(cursor)?;
        if let Some(given) = cursor.optional("now")? {
            let instant = certificates::instant(given.string()?).map_err(|_| {
                given.error("must be an instant as RFC 3339 writes it, for example `2026-01-01T00:00:00Z`")
            })?;
            if let Some((_, first)) = &now {
                return Err(given.error(format!("is given twice; it is already at {}", first.place())));
            }
            now = Some((instant, given));
        }
        if let Some(section) = cursor.given("cluster")? {
            cluster.section(&section, base, &included)?;
        }
        if let Some(section) = cursor.optional("registry")? {
            registry.section(&section, base)?;
        }
        if let Some(section) = cursor.optional("dns")? {
            dns.section(&section)?;
        }
        if let Some(section) = cursor.optional("http")? {
            http.section(&section, base)?;
        }
        if let Some(section) = cursor.optional("chainloop")? {
            chainloop.section(&section, base)?;
        }
    }
    let now = now.map_or(certificates::fixed_clock(), |(now, _)| now);
    Ok(World(Arc::new(Inner {
        name,
        now,
        cluster: cluster.finish()?,
        registry: registry.finish(),
        dns: dns.finish(),
        http: http.finish(),
        chainloop: chainloop.finish(),
    })))
}

/// A document without `apiVersion` and `kind` is a world, whatever it was meant to be.
fn only_world_keys(cursor: &Cursor<'_>) -> Result<(), InputError> {
    cursor.only_keys(&KEYS).map_err(|mut error| {
        if !error.message.ends_with('?') {
            error.message.push_str("; a Kubernetes object has `apiVersion` and `kind`");
        }
        error
    })
}

/// The error for something that the world does not have; `entry` is what to add.
fn miss<'k>(world: &str, what: &str, wanted: &str, known: impl Iterator<Item = &'k str>, entry: &str) -> CallError {
    let wanted = short(wanted);
    let known: Vec<&str> = known.collect();
    let distance = |known: &&str| {
        let [stems, whole] = [(stem(short(known)), stem(wanted)), (short(known), wanted)];
        (strsim::damerau_levenshtein(stems.0, stems.1), strsim::damerau_levenshtein(whole.0, whole.1))
    };
    let nearest = known.iter().copied().take(MAX_COMPARED).min_by_key(distance);
    let there_is = match (nearest, known.len()) {
        (None, _) => format!("it has no {what} at all"),
        (Some(nearest), count) if count > MAX_COMPARED => {
            format!("the nearest of the first {MAX_COMPARED} of its {count} {what}s is `{nearest}`")
        }
        (Some(nearest), 1) => format!("its only {what} is `{nearest}`"),
        (Some(nearest), count) => format!("the nearest of its {count} {what}s is `{nearest}`"),
    };
    CallError::Unanswerable(format!("{world} has no {what} `{wanted}`; {there_is}. To have it, add\n  {entry}"))
}

/// The beginning of a guest's string, [`MAX_SHOWN`] characters at most, to compare and to show.
fn short(text: &str) -> &str {
    text.char_indices().nth(MAX_SHOWN).map_or(text, |(end, _)| &text[..end])
}

/// An image without tag and digest: another version of the same image is nearer than another image.
fn stem(name: &str) -> &str {
    let name = name.split_once('@').map_or(name, |(name, _)| name);
    match name.rsplit_once(':') {
        Some((stem, tag)) if !tag.contains('/') => stem,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_names_are_compared() {
        let missed = |names: usize, wanted: &str| {
            let names: Vec<String> = (0..names).map(|name| format!("host-{name}.example")).collect();
            miss("w", "host", wanted, names.iter().map(String::as_str), "x").to_string()
        };
        let text = missed(MAX_COMPARED, "host-999.exmaple");
        assert!(text.contains("; the nearest of its 1000 hosts is `host-999.example`."), "{text}");
        let text = missed(MAX_COMPARED + 1, "host-1000.example");
        assert!(text.contains("; the nearest of the first 1000 of its 1001 hosts is `host-100.example`."), "{text}");
    }
}
