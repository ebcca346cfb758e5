use std::collections::BTreeMap;
use std::fmt;
use std::process::ExitCode;
use std::sync::Arc;

/// The variables of a hook or an action.
type Variables = BTreeMap<String, String>;

/// A charm that is a function, and runs in a thread of the simulator's process.
#[derive(Clone)]
pub(crate) struct InProcess(Arc<dyn Fn(Variables) -> ExitCode + Send + Sync>);

impl InProcess {
    pub(crate) fn new<C: Into<ExitCode>>(
        charm: impl Fn(Variables) -> C + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move |variables| charm(variables).into()))
    }

    /// Runs the charm, and returns its exit code.
    pub(crate) fn run(&self, variables: Variables) -> i32 {
        let code = (self.0)(variables);
        // The standard library gives the number back in no other way.
        let number = (0..=u8::MAX).find(|number| ExitCode::from(*number) == code);
        number.map_or(1, i32::from)
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}
