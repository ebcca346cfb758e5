//! Properties of a unit, as they come.

use std::collections::HashMap;

use zbus::Variant;
use zbus::message::Body;

use crate::active_state::ActiveState;
use crate::daemon::manager::UNIT;
use crate::daemon::seen::Seen;

/// Properties of a unit, unread.
#[derive(Debug)]
pub(crate) struct Changes(Body, Form);

/// The message that they are in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// The answer to `Get` for this property.
    One(&'static str),
    /// The answer to `GetAll`.
    All,
    /// The signal `PropertiesChanged`.
    Signal,
}

/// What was taken over from the properties of a unit.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Update {
    /// Details, and not the state.
    Details,
    /// The state, which systemd sends last, after the details.
    State,
    /// Nothing, because this is not understood.
    Strange(String),
}

impl Changes {
    /// The properties in the body of a message of this form.
    pub(crate) fn new(body: Body, form: Form) -> Self {
        Self(body, form)
    }

    /// Takes over what matters into `seen`.
    pub(crate) fn update(&self, seen: &mut Seen) -> Update {
        let Self(body, form) = self;
        let read = match form {
            Form::One(name) => {
                let value = body.deserialize::<Variant<'_>>();
                value.map(|value| (HashMap::from([(*name, value)]), Update::Details))
            }
            Form::All => body.deserialize().map(|properties| (properties, Update::Details)),
            Form::Signal => {
                let signal = body.deserialize::<(&str, HashMap<_, _>, Vec<&str>)>();
                // Not a signal that systemd sends.
                let Ok((interface, properties, _)) = signal else { return Update::Details };
                let is_state = interface == UNIT;
                Ok((properties, if is_state { Update::State } else { Update::Details }))
            }
        };
        match read {
            Ok((properties, update)) => {
                if let Some(reason) = strange_state(&properties) {
                    return Update::Strange(reason);
                }
                seen.update(&properties);
                update
            }
            Err(error) => Update::Strange(error.to_string()),
        }
    }
}

/// Says why the state in `properties` is not understood, if there is one.
fn strange_state(properties: &HashMap<&str, Variant<'_>>) -> Option<String> {
    let state = properties.get("ActiveState")?;
    match <&str>::try_from(state) {
        Ok(state) => state.parse::<ActiveState>().err().map(|error| error.to_string()),
        Err(error) => Some(error.to_string()),
    }
}
