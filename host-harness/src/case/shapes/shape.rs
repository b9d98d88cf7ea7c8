//! The shapes by name.

use std::fmt;

/// A place where a violation can be, or a way in which it can come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// In the pod template of a CronJob.
    CronJob,
    /// In the pod template of a DaemonSet.
    DaemonSet,
    /// The object is deleted, which no policy may break on.
    Delete,
    /// In the pod template of a Deployment.
    Deployment,
    /// Nothing is stored.
    DryRun,
    /// In `ephemeralContainers`, which an UPDATE of `pods/ephemeralcontainers` adds.
    EphemeralContainers,
    /// In `initContainers`.
    InitContainers,
    /// In the pod template of a Job.
    Job,
    /// In a Pod.
    Pod,
    /// In the pod template of a ReplicaSet.
    ReplicaSet,
    /// In the pod template of a ReplicationController.
    ReplicationController,
    /// The rules deliver the request to the policy.
    RulesDeliver,
    /// Behind a container that is accepted.
    SecondContainer,
    /// In the pod template of a StatefulSet.
    StatefulSet,
    /// An UPDATE of an object that is accepted brings it in.
    Update,
}

impl Shape {
    /// Every shape.
    pub const ALL: [Self; 15] = [
        Self::CronJob,
        Self::DaemonSet,
        Self::Delete,
        Self::Deployment,
        Self::DryRun,
        Self::EphemeralContainers,
        Self::InitContainers,
        Self::Job,
        Self::Pod,
        Self::ReplicaSet,
        Self::ReplicationController,
        Self::RulesDeliver,
        Self::SecondContainer,
        Self::StatefulSet,
        Self::Update,
    ];

    pub(in crate::case) fn word(self) -> &'static str {
        match self {
            Self::CronJob => "cron-job",
            Self::DaemonSet => "daemon-set",
            Self::Delete => "delete",
            Self::Deployment => "deployment",
            Self::DryRun => "dry-run",
            Self::EphemeralContainers => "ephemeral-containers",
            Self::InitContainers => "init-containers",
            Self::Job => "job",
            Self::Pod => "pod",
            Self::ReplicaSet => "replica-set",
            Self::ReplicationController => "replication-controller",
            Self::RulesDeliver => "rules-deliver",
            Self::SecondContainer => "second-container",
            Self::StatefulSet => "stateful-set",
            Self::Update => "update",
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
