//! Reading the registries out of a world's documents.

use std::collections::BTreeMap;
use std::sync::Arc;

use oci_spec::distribution::Reference;

use super::content::{self, Content};
use super::{Image, Known, Registry, by_digest, key, signatures};
use crate::input::{Cursor, InputError};
use crate::suite::Base;

/// Collects the entries of all documents with their places, so that an error about a duplicate can name both.
#[derive(Default)]
pub(in crate::capabilities::world) struct Reader<'d> {
    images: BTreeMap<String, (Arc<Image>, Cursor<'d>)>,
    /// Names that follow from the digests.
    others: BTreeMap<String, Arc<Image>>,
}

impl<'d> Reader<'d> {
    /// The `registry` of a world.
    pub(in crate::capabilities::world) fn section(
        &mut self,
        section: &Cursor<'d>,
        base: &Base,
    ) -> Result<(), InputError> {
        section.entries()?.iter().try_for_each(|(name, entry)| self.image(name, entry, base))
    }

    pub(in crate::capabilities::world) fn finish(self) -> Registry {
        let mut images = self.others;
        images.extend(self.images.into_iter().map(|(key, (image, _))| (key, image)));
        Registry(images)
    }

    fn image(&mut self, name: &str, entry: &Cursor<'d>, base: &Base) -> Result<(), InputError> {
        let reference: Reference =
            name.parse().map_err(|error| entry.error(format!("is not a valid image reference: {error}")))?;
        let image = Arc::new(image(entry, &reference, base)?);
        let mut keys = vec![key(&reference)];
        if let (Some(_), Some(tag)) = (reference.digest(), reference.tag()) {
            keys.push(format!("{}/{}:{tag}", reference.registry(), reference.repository()));
        }
        for key in keys {
            if let Some((_, first)) = self.images.get(&key) {
                return Err(entry.error(format!("`{key}` is given twice; it is already at {}", first.place())));
            }
            self.images.insert(key, (image.clone(), entry.clone()));
        }
        if let Image::Known(known) = &*image {
            self.follow(known, &image, &reference);
        }
        Ok(())
    }

    /// Makes an image known by its digest, and the images in an index by theirs.
    fn follow(&mut self, known: &Known, image: &Arc<Image>, reference: &Reference) {
        let by_own = by_digest(reference, &known.digest);
        let unsigned = |image: &Arc<Image>| matches!(&**image, Image::Known(Known { signatures: None, .. }));
        // When several tags have one digest, an image with signatures replaces one without.
        if self.others.get(&by_own).is_none_or(unsigned) {
            self.others.insert(by_own, image.clone());
        }
        if let Some(Content::Index { platforms, .. }) = &known.content {
            for (digest, single) in platforms.values() {
                let content = Some(Content::Single(single.clone()));
                let single = Image::Known(Known { digest: digest.clone(), content, signatures: None });
                self.others.entry(by_digest(reference, digest)).or_insert_with(|| Arc::new(single));
            }
        }
    }
}

fn image(entry: &Cursor<'_>, reference: &Reference, base: &Base) -> Result<Image, InputError> {
    if let Some(error) = entry.optional("error")? {
        for (key, other) in entry.entries()? {
            if key != "error" {
                return Err(other.error("does not go with `error`: the registry fails, whatever is asked of it"));
            }
        }
        return Ok(Image::Failing(error.string()?.to_owned()));
    }
    entry.only_keys(&["digest", "manifest", "config", "platforms", "signatures", "error"])?;
    let (content, computed) = content::read(entry, base)?;
    let given = entry.optional("digest")?;
    let stated = given.as_ref().map(content::digest).transpose()?;
    if let (Some(given), Some(stated), Some(named)) = (&given, &stated, reference.digest())
        && stated != named
    {
        return Err(given.error(format!("the reference says {named}")));
    }
    let digest = stated.or_else(|| reference.digest().map(str::to_owned)).or(computed);
    let digest = digest
        .ok_or_else(|| entry.error("needs a `manifest`, a `digest`, or the `error` that the registry fails with"))?;
    let signatures = entry.optional("signatures")?.map(|signatures| signatures::read(&signatures, base)).transpose()?;
    Ok(Image::Known(Known { digest, content, signatures }))
}
