//! Facts about a module's code, from the texts in its data segments.

use std::collections::BTreeSet;

use admit::wire::{MUTATES, Marker};
use memchr::memmem;

use crate::operations::OPERATIONS;

/// The data segments of a module.
#[derive(Default)]
pub(super) struct Data<'m> {
    segments: Vec<&'m [u8]>,
}

impl<'m> Data<'m> {
    pub(super) fn add(&mut self, segment: &'m [u8]) {
        self.segments.push(segment);
    }

    /// The operations that the module has the names for: those of which namespace and operation are both in its data, as
    /// upstream's scan has it. The longer of two names does not stand for the shorter one that it begins with.
    pub(super) fn capabilities(&self) -> BTreeSet<String> {
        let names = OPERATIONS.iter().filter_map(|path| Some((*path, path.split_once('/')?)));
        names
            .filter(|(_, (namespace, operation))| {
                let longer: Vec<&str> = OPERATIONS
                    .iter()
                    .filter_map(|path| path.split_once('/').map(|(_, other)| other))
                    .filter(|other| other.len() > operation.len() && other.starts_with(operation))
                    .collect();
                self.has(namespace, &[]) && self.has(operation, &longer)
            })
            .map(|(path, _)| path.to_owned())
            .collect()
    }

    /// Whether the code can mutate; only modules made with the SDK say it.
    pub(super) fn mutates(&self, marker: Option<&Marker>) -> Option<bool> {
        marker.map(|_| self.has(MUTATES, &[]))
    }

    /// Whether `text` is there, other than as the beginning of one of `longer`.
    fn has(&self, text: &str, longer: &[&str]) -> bool {
        let finder = memmem::Finder::new(text);
        self.segments.iter().any(|segment| {
            finder
                .find_iter(segment)
                .any(|at| !longer.iter().any(|longer| segment[at..].starts_with(longer.as_bytes())))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(segments: &[&str]) -> Vec<String> {
        let mut data = Data::default();
        segments.iter().for_each(|segment| data.add(segment.as_bytes()));
        data.capabilities().into_iter().collect()
    }

    #[test]
    fn namespace_and_operation_are_both_needed() {
        assert_eq!(scan(&["kubernetes\0can_i"]), ["kubernetes/can_i"]);
        assert_eq!(scan(&["can_i"]), [""; 0]);
        assert_eq!(scan(&["kubernetes"]), [""; 0]);
        assert_eq!(scan(&["can_i", "xkubernetesx"]), ["kubernetes/can_i"]);
        assert_eq!(scan(&["oci", "v1/ver", "ify"]), [""; 0], "not across segments");
    }

    #[test]
    fn a_name_that_begins_another_one() {
        assert_eq!(scan(&["oci v1/oci_manifest_config"]), ["oci/v1/oci_manifest_config"]);
        assert_eq!(scan(&["oci v1/oci_manifest"]), ["oci/v1/oci_manifest"]);
        assert_eq!(
            scan(&["v1/oci_manifest_configv1/oci_manifest."]),
            ["oci/v1/oci_manifest", "oci/v1/oci_manifest_config"]
        );
    }
}
