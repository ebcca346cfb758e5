//! Flags from outside.

use crate::context::Context;
use crate::failure::Result;
use crate::flag::Flag;
use crate::handler::hook_pattern::HookPattern;

/// A question about flags, or a change of them, from outside of a handler.
#[derive(Debug)]
pub(crate) enum FlagCommand {
    AllFlagsSet(Vec<Flag>),
    AnyFlagsSet(Vec<Flag>),
    AnyHook(Vec<HookPattern>),
    GetFlags,
    GetUnsetFlags(Vec<Flag>),
    MarkInvoked(Vec<String>),
    NoFlagsSet(Vec<Flag>),
    NotAllFlagsSet(Vec<Flag>),
    OnlyOnce(String),
    SetFlag(Flag, Option<String>),
    ToggleFlag(Flag, bool),
    WasInvoked(String),
}

/// What comes of a [`FlagCommand`].
#[derive(Debug)]
pub(crate) enum FlagAnswer {
    /// Something may have changed.
    Changed,
    Flags(Vec<Flag>),
    YesNo(bool),
}

impl FlagCommand {
    pub(crate) fn perform(self, cx: &Context) -> Result<FlagAnswer> {
        let answer = match self {
            Self::AllFlagsSet(flags) => FlagAnswer::YesNo(cx.all_set(flags)),
            Self::AnyFlagsSet(flags) => FlagAnswer::YesNo(cx.any_set(flags)),
            Self::AnyHook(patterns) => FlagAnswer::YesNo(cx.any_hook(patterns)),
            Self::GetFlags => FlagAnswer::Flags(cx.flags().into_iter().collect()),
            Self::GetUnsetFlags(flags) => {
                FlagAnswer::Flags(cx.unset_flags(flags).into_iter().collect())
            }
            Self::MarkInvoked(ids) => {
                for id in &ids {
                    cx.mark_invoked(id.as_str());
                }
                FlagAnswer::Changed
            }
            Self::NoFlagsSet(flags) => FlagAnswer::YesNo(!cx.any_set(flags)),
            Self::NotAllFlagsSet(flags) => FlagAnswer::YesNo(!cx.all_set(flags)),
            Self::OnlyOnce(id) => FlagAnswer::YesNo(!cx.was_invoked(id.as_str())),
            Self::SetFlag(flag, None) => {
                cx.set(flag);
                FlagAnswer::Changed
            }
            Self::SetFlag(flag, Some(value)) => {
                cx.set_with(flag, &value)?;
                FlagAnswer::Changed
            }
            Self::ToggleFlag(flag, should_be_set) => {
                cx.toggle(flag, should_be_set);
                FlagAnswer::Changed
            }
            Self::WasInvoked(id) => FlagAnswer::YesNo(cx.was_invoked(id.as_str())),
        };
        Ok(answer)
    }
}
