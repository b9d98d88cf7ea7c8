//! What authors write: `[package.metadata.admit]` in a `Cargo.toml`, or a `metadata.yml`.

use std::collections::{BTreeMap, BTreeSet};

use super::spelling::Spelling;
use crate::capabilities::HostCapabilities;
use crate::input::{Cursor, Document, InputError, Step};
use crate::metadata::{ContextAwareResource, ExecutionMode, Metadata, PolicyType, ProtocolVersion, Rule};

/// Metadata as it was written, which is less than what a module carries: the rest comes from the module.
#[derive(Clone, Debug)]
pub struct Written {
    document: Document,
    spelling: Spelling,
    pub(super) fields: Fields,
    doubts: Vec<InputError>,
    ignored: Vec<InputError>,
}

/// The content; what is `None` was not written.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub(super) rules: Vec<Rule>,
    pub(super) annotations: BTreeMap<String, String>,
    pub(super) mutating: Option<bool>,
    pub(super) background_audit: Option<bool>,
    pub(super) execution_mode: Option<ExecutionMode>,
    pub(super) policy_type: Option<PolicyType>,
    pub(super) context_aware_resources: BTreeSet<ContextAwareResource>,
    pub(super) host_capabilities: Option<BTreeSet<String>>,
    pub(super) minimum_kubewarden_version: Option<semver::Version>,
}

/// Keys of older formats, which upstream ignores.
const LEGACY: [&str; 1] = ["contextAware"];

impl Written {
    /// Reads a `metadata.yml`, in Kubewarden's format (YAML or JSON). `name` goes into errors.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, each with line and field.
    pub fn from_yaml(bytes: &[u8], name: impl Into<String>) -> Result<Self, Vec<InputError>> {
        let document = Document::parse(bytes, name).map_err(|error| vec![error])?;
        Self::read(document, Spelling::Camel, &[])
    }

    /// Reads `[package.metadata.admit]` of a `Cargo.toml`; `None` when there is no such table. `name` goes into errors.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, each with line and field.
    pub fn from_manifest(bytes: &[u8], name: impl Into<String>) -> Result<Option<Self>, Vec<InputError>> {
        let document = Document::parse_manifest(bytes, name).map_err(|error| vec![error])?;
        if document.value().pointer("/package/metadata/admit").is_none() {
            return Ok(None);
        }
        Self::read(document, Spelling::Kebab, &["package", "metadata", "admit"]).map(Some)
    }

    fn read(document: Document, spelling: Spelling, table: &[&'static str]) -> Result<Self, Vec<InputError>> {
        let mut reader = Reader { spelling, errors: Vec::new(), doubts: Vec::new(), ignored: Vec::new() };
        let mut root = document.root();
        for key in table {
            match root.given(key) {
                Ok(Some(next)) => root = next,
                Ok(None) => break,
                Err(error) => return Err(vec![error]),
            }
        }
        let fields = match root.object() {
            Ok(_) => reader.fields(&root),
            Err(error) => return Err(vec![error]),
        };
        let Reader { mut errors, doubts, ignored, .. } = reader;
        if errors.is_empty() {
            return Ok(Self { document, spelling, fields, doubts, ignored });
        }
        // What is missing may be there under another name.
        errors.extend(ignored);
        Err(errors)
    }

    /// Mistakes that Kubewarden accepts: patterns in `hostCapabilities` that match no operation.
    pub fn doubts(&self) -> &[InputError] {
        &self.doubts
    }

    /// Unknown keys, which Kubewarden ignores, and which may be slips. In a `Cargo.toml` they are errors.
    pub fn ignored(&self) -> &[InputError] {
        &self.ignored
    }

    /// Whether the author wrote `mutating`; in a `Cargo.toml` it can be left to the code.
    pub fn says_whether_it_mutates(&self) -> bool {
        self.fields.mutating.is_some()
    }

    /// Writes an annotation, if the author did not.
    pub fn annotate(&mut self, key: &str, value: impl Into<String>) {
        self.fields.annotations.entry(key.to_owned()).or_insert_with(|| value.into());
    }

    /// Writes an annotation, whatever the author wrote.
    pub(super) fn overwrite(&mut self, key: &str, value: impl Into<String>) {
        self.fields.annotations.insert(key.to_owned(), value.into());
    }

    /// An error about a field, by Kubewarden's name for it.
    pub(super) fn error(&self, field: &'static str, message: impl Into<String>) -> InputError {
        let mut cursor = self.document.root();
        if self.spelling == Spelling::Kebab {
            for key in ["package", "metadata", "admit"] {
                cursor = cursor.step(Step::Key(key), cursor.value());
            }
        }
        cursor.error_at(self.spelling.of(field), message)
    }

    /// How the author would write a field.
    pub(super) fn name_of(&self, field: &'static str) -> &'static str {
        self.spelling.of(field)
    }

    /// The metadata of a module; what was not written has Kubewarden's defaults.
    pub(super) fn to_metadata(&self, protocol_version: ProtocolVersion, execution_mode: ExecutionMode) -> Metadata {
        let fields = self.fields.clone();
        Metadata {
            protocol_version: Some(protocol_version),
            rules: fields.rules,
            annotations: Some(fields.annotations).filter(|annotations| !annotations.is_empty()),
            mutating: fields.mutating.unwrap_or(false),
            background_audit: fields.background_audit.unwrap_or(true),
            execution_mode,
            policy_type: fields.policy_type.unwrap_or_default(),
            context_aware_resources: fields.context_aware_resources,
            host_capabilities: fields.host_capabilities,
            minimum_kubewarden_version: fields.minimum_kubewarden_version,
        }
    }

    /// The metadata as far as it is written, for uses without a module.
    pub fn metadata(&self) -> Metadata {
        let mode = self.fields.execution_mode.unwrap_or_default();
        let protocol =
            if mode == ExecutionMode::KubewardenWapc { ProtocolVersion::V1 } else { ProtocolVersion::Unknown };
        self.to_metadata(protocol, mode)
    }
}

struct Reader {
    spelling: Spelling,
    errors: Vec<InputError>,
    doubts: Vec<InputError>,
    ignored: Vec<InputError>,
}

impl Reader {
    fn fields(&mut self, root: &Cursor<'_>) -> Fields {
        let top: &[&'static str] = &[
            "rules",
            "mutating",
            "annotations",
            "backgroundAudit",
            "policyType",
            "contextAwareResources",
            "hostCapabilities",
            "minimumKubewardenVersion",
        ];
        match self.spelling {
            Spelling::Camel => {
                self.only(root, &[top, &["executionMode", "protocolVersion"]].concat(), &LEGACY);
            }
            Spelling::Kebab => {
                let decided = ["executionMode", "protocolVersion"];
                let accepted: Vec<&str> = decided.iter().flat_map(|key| [*key, Spelling::Kebab.of(key)]).collect();
                self.only(root, top, &accepted);
                for key in accepted {
                    if let Ok(Some(given)) = root.given(key) {
                        let message = "is not written here: a policy crate can be built for more than one ABI, and the build \
                                       fills it in; remove it";
                        self.errors.push(given.error(message));
                    }
                }
            }
        }
        // Kubewarden's format demands both; in a Cargo.toml the code says one, and raw policies need not the other.
        let yaml = self.spelling == Spelling::Camel;
        let policy_type = self.field(root, "policyType", |c| {
            one_of(c, &[("kubernetes", PolicyType::Kubernetes), ("raw", PolicyType::Raw)])
        });
        if yaml || policy_type != Some(PolicyType::Raw) {
            self.required_list(root, "rules", "list the requests that the policy is meant for; `[]` for none");
        }
        if yaml {
            self.required(
                root,
                "mutating",
                "say whether the policy can change what it is asked about: `true` or `false`",
            );
            self.field(root, "protocolVersion", |c| one_of(c, &[("v1", ()), ("Unknown", ())]));
        }
        Fields {
            rules: self.list(root, "rules", Self::rule),
            annotations: self.annotations(root),
            mutating: self.field(root, "mutating", |c| c.boolean()),
            background_audit: self.field(root, "backgroundAudit", |c| c.boolean()),
            execution_mode: if yaml { self.field(root, "executionMode", execution_mode) } else { None },
            policy_type,
            context_aware_resources: self.list(root, "contextAwareResources", Self::resource).into_iter().collect(),
            host_capabilities: self.host_capabilities(root),
            minimum_kubewarden_version: self.field(root, "minimumKubewardenVersion", version),
        }
    }

    /// Tells of unknown keys; `known` are Kubewarden's names, `accepted` is taken as it is.
    fn only(&mut self, cursor: &Cursor<'_>, known: &[&'static str], accepted: &[&str]) {
        let Some(entries) = self.take(cursor.entries()) else { return };
        for (key, entry) in entries.iter().filter(|(key, _)| !accepted.contains(key)) {
            let Err(hint) = self.spelling.check(key, known) else { continue };
            match self.spelling {
                // A metadata.yml is Kubewarden's format, in which they mean nothing.
                Spelling::Camel => {
                    self.ignored.push(entry.error(format!("unknown key, which Kubewarden ignores; {hint}")))
                }
                Spelling::Kebab => self.errors.push(entry.error(format!("unknown key; {hint}"))),
            }
        }
    }

    fn take<T>(&mut self, result: Result<T, InputError>) -> Option<T> {
        result.map_err(|error| self.errors.push(error)).ok()
    }

    fn required(&mut self, cursor: &Cursor<'_>, field: &'static str, why: &str) {
        let found = cursor.required(self.spelling.of(field), why).map(|_| ());
        self.take(found);
    }

    /// An array, which is empty where nothing is behind the key.
    fn required_list(&mut self, cursor: &Cursor<'_>, field: &'static str, why: &str) {
        let found = cursor.required_list(self.spelling.of(field), why).map(|_| ());
        self.take(found);
    }

    fn field<T>(
        &mut self,
        cursor: &Cursor<'_>,
        field: &'static str,
        read: impl Fn(&Cursor<'_>) -> Result<T, InputError>,
    ) -> Option<T> {
        let found = self.take(cursor.optional(self.spelling.of(field)))??;
        self.take(read(&found))
    }

    fn list<T>(
        &mut self,
        cursor: &Cursor<'_>,
        field: &'static str,
        read: impl Fn(&mut Self, &Cursor<'_>) -> Option<T>,
    ) -> Vec<T> {
        let found = self.take(cursor.optional(self.spelling.of(field))).flatten();
        let items = found.and_then(|list| self.take(list.list())).unwrap_or_default();
        items.iter().filter_map(|item| read(self, item)).collect()
    }

    fn rule(&mut self, cursor: &Cursor<'_>) -> Option<Rule> {
        let fields = ["apiGroups", "apiVersions", "resources", "operations"];
        self.only(cursor, &fields, &[]);
        cursor.object().ok()?;
        let mut lists = fields.map(|field| {
            let list = cursor.required_list(self.spelling.of(field), "a rule has it");
            self.take(list.and_then(|list| list.strings_or_nothing()))
        });
        let mut next = |index: usize| lists[index].take();
        let rule = Rule { api_groups: next(0)?, api_versions: next(1)?, resources: next(2)?, operations: next(3)? };
        for complaint in rule.problems() {
            let field = cursor.step(Step::Key(self.spelling.of(complaint.field)), cursor.value());
            let at = match complaint.index {
                Some(index) => field.step(Step::Index(index), cursor.value()),
                None => field,
            };
            self.errors.push(at.error(complaint.message));
        }
        Some(rule)
    }

    fn resource(&mut self, cursor: &Cursor<'_>) -> Option<ContextAwareResource> {
        self.only(cursor, &["apiVersion", "kind"], &[]);
        cursor.object().ok()?;
        let mut text = |field: &'static str, example: &str| {
            let text = cursor.required(self.spelling.of(field), &format!("for example `{example}`"));
            let text = text.and_then(|text| match text.string()? {
                "" => Err(text.error(format!("must not be empty; write for example `{example}`"))),
                content => Ok(content.to_owned()),
            });
            self.take(text)
        };
        let (api_version, kind) = (text("apiVersion", "apps/v1"), text("kind", "Deployment"));
        Some(ContextAwareResource { api_version: api_version?, kind: kind? })
    }

    fn annotations(&mut self, root: &Cursor<'_>) -> BTreeMap<String, String> {
        let found = self.take(root.optional("annotations")).flatten();
        let entries = found.and_then(|map| self.take(map.entries())).unwrap_or_default();
        let mut annotations = BTreeMap::new();
        for (key, value) in entries {
            // kwctl takes what is not in quotes as it is written: `1.0` and `yes`, not 1 and true.
            let yaml = self.spelling == Spelling::Camel;
            let written = value.written().filter(|_| yaml).map_or_else(|| value.string(), Ok);
            let key = value.written_key().filter(|_| yaml).unwrap_or(key);
            if let Some(text) = self.take(written) {
                annotations.insert(key.to_owned(), text.to_owned());
            }
        }
        annotations
    }

    fn host_capabilities(&mut self, root: &Cursor<'_>) -> Option<BTreeSet<String>> {
        let list = self.take(root.optional(self.spelling.of("hostCapabilities")))??;
        let items = self.take(list.list())?;
        let mut patterns = BTreeSet::new();
        for item in &items {
            let Some(pattern) = self.take(item.string()) else { continue };
            if let Err(error) = HostCapabilities::parse([pattern]) {
                self.doubts.push(item.error(error.to_string()));
            }
            patterns.insert(pattern.to_owned());
        }
        Some(patterns)
    }
}

fn one_of<T: Copy>(cursor: &Cursor<'_>, words: &[(&str, T)]) -> Result<T, InputError> {
    let given = cursor.string()?;
    words.iter().find(|(word, _)| *word == given).map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        cursor.error(format!("`{given}` is none of {}", words.join(", ")))
    })
}

fn execution_mode(cursor: &Cursor<'_>) -> Result<ExecutionMode, InputError> {
    one_of(cursor, &ExecutionMode::ALL.map(|mode| (mode.name(), mode)))
}

fn version(cursor: &Cursor<'_>) -> Result<semver::Version, InputError> {
    let text = cursor.string()?;
    semver::Version::parse(text).map_err(|error| {
        cursor.error(format!("`{text}` is not a full version ({error}); write all three numbers, for example 1.20.0"))
    })
}
