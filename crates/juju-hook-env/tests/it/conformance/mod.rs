//! Each tool against what the real tools said: the very arguments that are
//! sent, what the recorded output is read as, and what a recorded refusal
//! becomes. Where nothing was recorded, the text is that of Juju's sources.

mod action;
mod application;
mod config;
mod leader;
mod log;
mod network;
mod port;
mod reboot;
mod relation;
mod resource;
mod secret;
mod state;
mod status;
mod storage;
