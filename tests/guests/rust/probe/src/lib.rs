//! Does what its settings say, so that one module shows everything the SDK can do.

use admit::prelude::*;

/// What to do.
#[derive(Deserialize, Settings)]
#[settings(check = min_is_not_larger_than_max)]
#[serde(default)]
struct Settings {
    action: Action,
    min: u32,
    max: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { action: Action::Accept, min: 0, max: 1 }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Accept,
    RejectWithEverything,
    Mutate,
    Fail,
    Panic,
    Log,
    /// Asks for one thing of each capability family, and answers with what it learned.
    Ask,
    /// Calls a capability twice and answers with what came back.
    Call {
        namespace: String,
        operation: String,
        payload: String,
    },
}

fn min_is_not_larger_than_max(settings: &Settings) -> Result<(), SettingsError> {
    if settings.min > settings.max {
        return Err(SettingsError::new("must not be larger than `max`").at("/min"));
    }
    Ok(())
}

#[admit::policy]
fn validate(request: &Request, settings: &Settings, host: &Host) -> Result<Verdict, Error> {
    let mut verdict = Verdict::accept();
    match &settings.action {
        Action::Accept => {}
        Action::RejectWithEverything => {
            verdict
                .add_reason("the first reason")
                .add_reason(Reason::new("the second reason").at("/spec").code(422))
                .warn("a warning")
                .audit("key", "value");
        }
        Action::Mutate => {
            let mut object = request.edit()?;
            object["metadata"]["labels"]["checked"] = "true".into();
            verdict.mutate(object);
        }
        Action::Fail => return Err(Error::new("the policy cannot decide")),
        Action::Panic => panic!("a bug in the policy"),
        Action::Log => {
            host.info("a text");
            host.log(Record::new(Level::Warning, "with fields").with("uid", request.uid()).with("level", 3));
            host.log(Record::new(Level::Trace, ""));
        }
        Action::Ask => {
            let namespace = host.kubernetes().get_resource("v1", "Namespace", "shop").fetch()?;
            let label = namespace.object().metadata()?.label("team")?;
            verdict.warn(format!("team {}", label.unwrap_or_default()));
            verdict.warn(format!("{} addresses", host.net().dns_lookup_host("a.example")?.len()));
            verdict.warn(host.oci().manifest_digest("registry.example/a:1")?);
            if let Err(error) = host.oci().verify_pub_keys("registry.example/a:1", ["key"]).verify() {
                verdict.warn(format!("{:?}", error.kind()));
            }
        }
        Action::Call { namespace, operation, payload } => {
            for _ in 0..2 {
                let answer = host.call(namespace, operation, payload.as_bytes())?;
                verdict.warn(String::from_utf8_lossy(&answer));
            }
        }
    }
    Ok(verdict)
}
