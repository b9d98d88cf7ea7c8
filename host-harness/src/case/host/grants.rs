//! What a case grants.

use crate::{
    capabilities::{ContextAware, HostCapabilities},
    input::{Cursor, InputError},
};

/// `host_capabilities`: patterns as in policy-server's configuration.
pub(super) fn patterns(list: &Cursor<'_>) -> Result<HostCapabilities, InputError> {
    let items = list.list_or_nothing()?;
    let patterns = items.iter().map(|item| pattern(item).map(|_| item.string())).collect::<Result<Vec<_>, _>>()?;
    let patterns = patterns.into_iter().collect::<Result<Vec<_>, _>>()?;
    HostCapabilities::parse(patterns).map_err(|error| list.error(error.to_string()))
}

/// One pattern.
fn pattern(item: &Cursor<'_>) -> Result<HostCapabilities, InputError> {
    HostCapabilities::parse([item.string()?]).map_err(|error| item.error(error.to_string()))
}

/// `context_aware_resources`: kinds as in policy-server's configuration.
pub(super) fn kinds(list: &Cursor<'_>) -> Result<ContextAware, InputError> {
    let kind = |item: &Cursor<'_>| -> Result<(String, String), InputError> {
        item.only_keys(&["apiVersion", "kind"])?;
        let text = |key, example| {
            let value = item.required(key, example)?;
            value.string().map(str::to_owned)
        };
        Ok((text("apiVersion", "for example `apps/v1`")?, text("kind", "for example `Deployment`")?))
    };
    Ok(ContextAware::only(list.list_or_nothing()?.iter().map(kind).collect::<Result<Vec<_>, _>>()?))
}
