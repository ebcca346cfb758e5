//! Functions that are actions.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::context::Context;
use crate::failure::{Failure, Result};

/// A function that a charm can have as an action.
///
/// It takes the charm and the context, and, if it wants them, the parameters
/// as a type of its own. What it returns is the answer: `()`, or a struct or a
/// map as [`Juju::action_set`](juju_hook_env::Juju::action_set) takes it.
///
/// - A parameter that does not fit, and a status in the place of an answer,
///   fail the action with that message; the run goes on and commits.
/// - An error ends the run: the action fails, and nothing is kept.
///
/// ```
/// use reactive_endpoints::{Charm, Context, Result};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Deserialize)]
/// struct Backup {
///     target: String,
/// }
///
/// #[derive(Serialize)]
/// struct Size {
///     bytes: u64,
/// }
///
/// fn backup(_: &mut (), _: &Context, backup: Backup) -> Result<Size> {
///     Ok(Size { bytes: backup.target.len() as u64 })
/// }
///
/// fn restart(_: &mut (), _: &Context) -> Result {
///     Ok(())
/// }
///
/// let charm = Charm::new(()).action("backup", backup).action("restart", restart);
/// # drop(charm);
/// ```
pub trait ActionFunction<S, Shape> {
    /// Runs the action and answers it.
    ///
    /// # Errors
    ///
    /// Returns the error that ends the run.
    fn run(&self, charm: &mut S, cx: &Context) -> Result;
}

/// The shape of an action without parameters.
#[derive(Debug)]
pub struct WithoutParameters<A>(std::marker::PhantomData<A>);

/// The shape of an action with parameters of the type `P`.
#[derive(Debug)]
pub struct WithParameters<P, A>(std::marker::PhantomData<(P, A)>);

impl<S, A, F> ActionFunction<S, WithoutParameters<A>> for F
where
    A: Serialize,
    F: Fn(&mut S, &Context) -> Result<A>,
{
    fn run(&self, charm: &mut S, cx: &Context) -> Result {
        answer(cx, self(charm, cx))
    }
}

impl<S, P, A, F> ActionFunction<S, WithParameters<P, A>> for F
where
    P: DeserializeOwned,
    A: Serialize,
    F: Fn(&mut S, &Context, P) -> Result<A>,
{
    fn run(&self, charm: &mut S, cx: &Context) -> Result {
        match cx.juju().action_get() {
            Ok(parameters) => answer(cx, self(charm, cx, parameters)),
            Err(error @ juju_hook_env::ToolError::InvalidValue { .. }) => {
                Ok(cx.juju().action_fail(&error.to_string())?)
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn answer<A: Serialize>(cx: &Context, result: Result<A>) -> Result {
    match result {
        Ok(answer) => {
            // `()` is no answer.
            if !serde_json::to_value(&answer)?.is_null() {
                cx.juju().action_set(&answer)?;
            }
            Ok(())
        }
        Err(Failure::Status(status)) => {
            let message = match status.message() {
                "" => status.to_string(),
                message => message.to_owned(),
            };
            Ok(cx.juju().action_fail(&message)?)
        }
        Err(error) => Err(error),
    }
}
