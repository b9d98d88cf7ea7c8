//! Reading the cluster out of a world's documents.

use std::collections::BTreeMap;

use super::kinds::{Kind, Kinds, Origin};
use super::objects::{self, Pending};
use super::{Cluster, access, access::Rule};
use crate::capabilities::world::files::{Included, named_file};
use crate::input::{Cursor, InputError};
use crate::suite::Base;

/// Collects the entries of all documents with their places, so that an error about a duplicate can name both.
#[derive(Default)]
pub(in crate::capabilities::world) struct Reader<'d> {
    present: bool,
    kinds: BTreeMap<(String, String), (Kind, Cursor<'d>)>,
    objects: Vec<Pending<'d>>,
    access: Option<Vec<Rule>>,
}

impl<'d> Reader<'d> {
    /// The `cluster` of a world.
    pub(in crate::capabilities::world) fn section(
        &mut self,
        cluster: &Cursor<'d>,
        base: &Base,
        included: &'d Included,
    ) -> Result<(), InputError> {
        self.present = true;
        if cluster.value().is_null() {
            return Ok(());
        }
        cluster.only_keys(&["kinds", "objects", "access"])?;
        for kind in cluster.optional("kinds")?.map(|kinds| kinds.list()).transpose()?.unwrap_or_default() {
            self.declared(&kind)?;
        }
        for object in cluster.optional("objects")?.map(|objects| objects.list()).transpose()?.unwrap_or_default() {
            match named_file(&object, base)? {
                Some(path) => {
                    for document in included.get(&path) {
                        self.manifest(&document)?;
                    }
                }
                None => self.manifest(&object)?,
            }
        }
        if let Some(rules) = cluster.given("access")? {
            self.access.get_or_insert_default().extend(access::read(&rules)?);
        }
        Ok(())
    }

    /// A Kubernetes object, or a list of them.
    pub(in crate::capabilities::world) fn manifest(&mut self, manifest: &Cursor<'d>) -> Result<(), InputError> {
        self.present = true;
        objects::collect(manifest, None, &mut self.objects)
    }

    /// The cluster; `None` when no document says anything about one.
    pub(in crate::capabilities::world) fn finish(mut self) -> Result<Option<Cluster>, InputError> {
        if !self.present {
            return Ok(None);
        }
        let pending = std::mem::take(&mut self.objects);
        for definition in pending.iter().filter(|object| object.is_definition()) {
            self.defined(&definition.cursor)?;
        }
        let mut kinds = Kinds::built_in();
        for ((api_version, kind), (served, _)) in self.kinds {
            kinds.insert(&api_version, &kind, served);
        }
        let objects = objects::place(&pending, &kinds)?;
        Ok(Some(Cluster { kinds, objects, access: self.access }))
    }

    /// An entry of `kinds`.
    fn declared(&mut self, entry: &Cursor<'d>) -> Result<(), InputError> {
        entry.only_keys(&["apiVersion", "kind", "plural", "namespaced", "absent"])?;
        let api_version = entry.required("apiVersion", "for example `example.com/v1`")?.string()?;
        let kind = entry.required("kind", "for example `Widget`")?.string()?;
        let absent = entry.optional("absent")?.map(|absent| absent.boolean()).transpose()?.unwrap_or(false);
        let served = if absent {
            for key in ["plural", "namespaced"] {
                if let Some(given) = entry.given(key)? {
                    return Err(given.error("does not go with `absent: true`: nothing serves this kind"));
                }
            }
            Kind { plural: String::new(), namespaced: false, selectable: Vec::new(), origin: Origin::Absent }
        } else {
            let plural = entry.required("plural", "the name of the resource, for example `widgets`")?.string()?;
            let namespaced = entry.required("namespaced", "whether objects live in a namespace")?.boolean()?;
            Kind { plural: plural.to_owned(), namespaced, selectable: Vec::new(), origin: Origin::World }
        };
        self.kind(api_version, kind, served, entry)
    }

    /// A CustomResourceDefinition.
    fn defined(&mut self, definition: &Cursor<'d>) -> Result<(), InputError> {
        const WHY: &str = "a CustomResourceDefinition needs it";
        let spec = definition.required("spec", WHY)?;
        let group = spec.required("group", WHY)?.string()?;
        let names = spec.required("names", WHY)?;
        let kind = names.required("kind", WHY)?.string()?;
        let plural = names.required("plural", WHY)?.string()?;
        let scope = spec.required("scope", WHY)?;
        let namespaced = match scope.string()? {
            "Namespaced" => true,
            "Cluster" => false,
            _ => return Err(scope.error("must be `Namespaced` or `Cluster`")),
        };
        for version in spec.required("versions", WHY)?.list()? {
            let name = version.required("name", WHY)?.string()?;
            if !version.optional("served")?.map(|served| served.boolean()).transpose()?.unwrap_or(true) {
                continue;
            }
            let mut selectable = Vec::new();
            for field in
                version.optional("selectableFields")?.map(|fields| fields.list()).transpose()?.unwrap_or_default()
            {
                let path = field.required("jsonPath", "for example `.spec.color`")?.string()?;
                selectable.push(path.trim_start_matches('.').to_owned());
            }
            let served = Kind { plural: plural.to_owned(), namespaced, selectable, origin: Origin::World };
            self.kind(&format!("{group}/{name}"), kind, served, definition)?;
        }
        Ok(())
    }

    fn kind(&mut self, api_version: &str, kind: &str, served: Kind, at: &Cursor<'d>) -> Result<(), InputError> {
        let key = (api_version.to_owned(), kind.to_owned());
        if let Some((_, first)) = self.kinds.get(&key) {
            return Err(at.error(format!("{api_version}/{kind} is already defined at {}", first.place())));
        }
        self.kinds.insert(key, (served, at.clone()));
        Ok(())
    }
}
