//! What plug-ins log: the runtime hands it to `tracing`.

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tracing::field::{Field, Visit};
use tracing::subscriber::SetGlobalDefaultError;
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

/// The least that is logged.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Level {
    Trace,
    Debug,
    Info,
    Warning,
    Error,
    Off,
}

#[derive(Clone, Serialize)]
pub(crate) struct Record {
    level: String,
    message: String,
}

#[derive(Clone, Default)]
pub(crate) struct Logs(Arc<Mutex<Vec<Record>>>);

impl Logs {
    pub(crate) fn take(&self) -> Vec<Record> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Collects what is logged from now on.
pub(crate) fn collect(level: Level) -> Result<Logs, SetGlobalDefaultError> {
    let level = match level {
        Level::Trace => LevelFilter::TRACE,
        Level::Debug => LevelFilter::DEBUG,
        Level::Info => LevelFilter::INFO,
        Level::Warning => LevelFilter::WARN,
        Level::Error => LevelFilter::ERROR,
        Level::Off => LevelFilter::OFF,
    };
    let logs = Logs::default();
    let subscriber = tracing_subscriber::registry().with(level).with(logs.clone());
    tracing::subscriber::set_global_default(subscriber)?;
    Ok(logs)
}

impl<S: Subscriber> Layer<S> for Logs {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        // The functions that plug-ins import are there; what the runtime has to say is elsewhere.
        if event.metadata().target() != "extism::pdk" {
            return;
        }
        let mut message = Message(String::new());
        event.record(&mut message);
        let level = match *event.metadata().level() {
            tracing::Level::WARN => "warning".to_owned(),
            other => other.to_string().to_lowercase(),
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Record { level, message: message.0 });
    }
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            // Writing to a `String` cannot fail.
            let _ = write!(self.0, "{value:?}");
        }
    }
}
