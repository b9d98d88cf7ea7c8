//! A Deployment has at most so many replicas, and at least one.

use admit::prelude::*;

/// The limit.
#[derive(Debug, Deserialize, Settings)]
#[serde(default)]
pub struct Settings {
    /// The most replicas.
    pub most: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { most: 5 }
    }
}

#[admit::policy]
fn validate(request: &Request, settings: &Settings) -> Result<Verdict, Error> {
    let spec = match request.object() {
        Some(deployment) => deployment.object("spec")?,
        None => None,
    };
    let Some(spec) = spec else { return Ok(Verdict::accept()) };
    let replicas = spec.i64("replicas")?.unwrap_or(1);
    if replicas > settings.most {
        return Ok(Verdict::reject(format!("{replicas} replicas are too many")));
    }
    if replicas == 0 {
        return Ok(Verdict::reject("nothing would run"));
    }
    Ok(Verdict::accept())
}
