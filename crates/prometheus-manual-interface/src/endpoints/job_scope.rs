//! Which units register jobs.

use std::fmt::Debug;

use reactive_endpoints::RequestOwner;

/// Which units of an application register jobs: [`PerUnit`] or [`LeaderOnly`].
pub trait JobScope: Debug + sealed::Sealed + 'static {
    /// Whose the jobs are.
    const OWNER: RequestOwner;
}

/// Each unit registers jobs of its own, such as for its own exporter. That is
/// what Python's layer does.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "there is no value of it")]
pub enum PerUnit {}

/// Only the leader registers jobs, for the whole application; what others have
/// registered is taken back.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "there is no value of it")]
pub enum LeaderOnly {}

impl JobScope for PerUnit {
    const OWNER: RequestOwner = RequestOwner::Unit;
}

impl JobScope for LeaderOnly {
    const OWNER: RequestOwner = RequestOwner::Application;
}

mod sealed {
    #[expect(unnameable_types, reason = "nobody else can implement it")]
    pub trait Sealed {}

    impl Sealed for super::PerUnit {}
    impl Sealed for super::LeaderOnly {}
}
