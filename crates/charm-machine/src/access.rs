//! Who may do what with a file or folder.

use crate::mode::Mode;
use crate::owner::Owner;

/// Who may do what with a file or folder: its mode, its owner, or both.
///
/// What is not named stays as it is; what is new is readable by everybody
/// (`0644`, folders `0755`) and belongs to whoever runs the program, which in
/// a charm is root.
///
/// ```
/// use charm_machine::{Access, Machine, Mode};
///
/// let machine = Machine::scratch();
/// machine.write_with("/etc/key", "secret", Mode::new(0o600))?;
/// machine.write_with("/etc/key", "secret", Access::new().mode(Mode::new(0o640)).owner("root:adm".parse()?))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct Access {
    pub(crate) mode: Option<Mode>,
    pub(crate) owner: Option<Owner>,
}

impl Access {
    /// Names neither mode nor owner.
    pub fn new() -> Self {
        Self::default()
    }

    /// Names the mode.
    #[must_use]
    pub fn mode(self, mode: Mode) -> Self {
        Self { mode: Some(mode), ..self }
    }

    /// Names the owner.
    #[must_use]
    pub fn owner(self, owner: Owner) -> Self {
        Self { owner: Some(owner), ..self }
    }
}

impl From<Mode> for Access {
    fn from(mode: Mode) -> Self {
        Self::new().mode(mode)
    }
}

impl From<Owner> for Access {
    fn from(owner: Owner) -> Self {
        Self::new().owner(owner)
    }
}
