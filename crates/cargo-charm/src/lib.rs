//! Builds, checks and packs [Juju] charms written in Rust: the library behind
//! `cargo charm`.
//!
//! A charm is a package, in any cargo workspace, that has a program and, beside
//! its `Cargo.toml`, either one `charmcraft.yaml` or `metadata.yaml` with its
//! companions. [`pack()`] makes one file of it that Juju deploys: the program,
//! linked statically, as `dispatch`, and the texts that describe it.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use cargo_charm::{PackOptions, Package, Workspace, pack};
//!
//! let workspace = Workspace::load(Path::new("Cargo.toml"))?;
//! for charm in workspace.charms() {
//!     let packed = pack(charm, &PackOptions::new())?;
//!     Package::open(&packed.path)?.check()?;
//!     println!("{}  {}", packed.sha256, packed.path.display());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is in a package
//!
//! | entry | from |
//! | --- | --- |
//! | `dispatch` | the program that `bin` under `[package.metadata.charm]` names, else the only one |
//! | `metadata.yaml`, `config.yaml`, `actions.yaml`, `lxd-profile.yaml` | the files of these names, or the parts of `charmcraft.yaml` |
//! | `manifest.yaml` | the bases of the charm, with the architecture of the program |
//! | `version` | the version of the package and, in a git checkout, the commit |
//! | `LICENSE`, `LICENSE-*` | the charm's folder, else that of the workspace |
//! | `README.md`, `icon.svg` | the charm's folder |
//!
//! The program is built with the profile `charm` of the workspace. Where there
//! is none, that profile is `release` with link-time optimisation, optimised
//! for size, and with panics that unwind and name the functions they pass.
//!
//! # A charm that checks itself
//!
//! A program that was built with `reactive-endpoints` knows which endpoints,
//! hooks, actions and options it handles. It is asked, if it can run here, to
//! compare them with the charm's YAML, and is not packed if they differ. No
//! other program is started: that one can answer is seen by a text in it.
//!
//! # Equal bytes
//!
//! The same commit gives the same bytes: with the same toolchain, C compiler,
//! flags for rustc and `cargo-charm`, wherever the workspace and cargo's home
//! lie. Two things can break this, both of the charm's own making: a package
//! outside of the workspace that it depends on by `path`, whose place is part
//! of its symbols' names, and a path that the program takes in itself, as with
//! `env!("CARGO_MANIFEST_DIR")`.
//!
//! # What is not here
//!
//! Nothing deploys a charm, talks to Charmhub or runs `charmcraft`. The rules
//! of the YAML files are those of `juju-types`. The library prints nothing;
//! the program does.
//!
//! [Juju]: https://documentation.ubuntu.com/juju/3.6/

mod archive;
mod build;
mod build_error;
mod cargo;
mod cargo_config;
mod charm_crate;
mod elf;
mod missing_piece;
mod pack;
mod pack_error;
mod pack_options;
mod pack_target;
mod package;
mod package_fault;
mod package_rules;
mod packed;
mod report;
mod self_check;
mod skeleton;
mod step;
mod toolchain;
mod triple;
mod version;
mod workspace;

pub use build_error::{BuildError, CargoOutput};
pub use cargo::{Cargo, ProgramError};
pub use charm_crate::{CharmCrate, ChooseProgramError};
pub use missing_piece::MissingPiece;
pub use pack::{pack, pack_with};
pub use pack_error::PackError;
pub use pack_options::PackOptions;
pub use pack_target::{PackTarget, ParsePackTargetError};
pub use package::{OpenPackageError, Package, PackageEntry};
pub use package_fault::{PackageFault, PackageFaults};
pub use packed::{Packed, PackedFile};
pub use report::{Finding, Report};
pub use skeleton::{Skeleton, WriteSkeletonError, Written};
pub use step::Step;
pub use triple::{ParseTripleError, Triple};
pub use workspace::{Workspace, WorkspaceError};
