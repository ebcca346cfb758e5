//! What a build needs and does not find, and the command that installs it.

use std::fmt;

use juju_types::Architecture;

use crate::Triple;

/// What a build needs and does not find.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum MissingPiece {
    /// The C library, in the form that is linked into a program.
    CLibrary,
    /// A program of this name that a build script starts: a C compiler, `cmake`.
    Compiler(String),
    /// A program of this name that joins what was compiled.
    Linker(String),
    /// Rust's standard library for a target.
    Target(Triple),
}

impl MissingPiece {
    /// Reads in what cargo printed whether a piece was missing, and which.
    pub(crate) fn find(output: &str, triple: &Triple, is_foreign: bool) -> Option<Self> {
        let between = |start: &str, end: &str| {
            output.lines().find_map(|line| {
                let (_, rest) = line.split_once(start)?;
                Some(rest.split_once(end)?.0.to_owned())
            })
        };
        // The texts are those of rustc, of the crate `cc` (after and before its
        // release 1.1) and of the crate `cmake`.
        if let Some(name) = between("linker `", "` not found") {
            return Some(Self::Linker(name));
        }
        if let Some(name) = between("failed to find tool \"", "\"")
            .or_else(|| between("Failed to find tool. Is `", "` installed?"))
            .or_else(|| between("is `", "` not installed?"))
        {
            return Some(Self::Compiler(name));
        }
        if !output.contains("linking with `cc` failed") {
            return None;
        }
        if is_foreign {
            return Some(Self::Linker(cross_compiler(triple.architecture())));
        }
        output.contains("cannot find -lc:").then_some(Self::CLibrary)
    }

    /// Returns what to do on Debian or Ubuntu.
    pub(crate) fn install(&self, triple: &Triple, is_foreign: bool) -> String {
        let name = match self {
            Self::CLibrary => "libc6-dev",
            Self::Compiler(name) | Self::Linker(name) => name,
            Self::Target(target) => return format!("`rustup target add {target}`"),
        };
        let architecture = triple.architecture();
        let cross_packages = || {
            let package = cross_compiler(architecture).replace("-gcc", "").replace('_', "-");
            format!("`apt-get install gcc-{package} libc6-dev-{architecture}-cross`")
        };
        match name {
            "cc" | "gcc" => "`apt-get install gcc libc6-dev`".to_owned(),
            "c++" => "`apt-get install g++`".to_owned(),
            _ if name == cross_compiler(architecture) => cross_packages(),
            // Debian has a C compiler for musl for this machine only.
            _ if name.contains("musl") && is_foreign => {
                let gnu = triple.as_str().replace("-musl", "-gnu");
                format!("{}, and pack with `--target {gnu}`", cross_packages())
            }
            _ if name.contains("musl") => "`apt-get install musl-tools`".to_owned(),
            _ => format!("`apt-get install {name}`"),
        }
    }
}

impl fmt::Display for MissingPiece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CLibrary => f.write_str("the C library"),
            Self::Compiler(name) => write!(f, "the compiler `{name}`"),
            Self::Linker(name) => write!(f, "the linker `{name}`"),
            Self::Target(triple) => write!(f, "the target `{triple}`"),
        }
    }
}

/// Returns Debian's name of the C compiler, which is also the linker, for
/// another architecture.
pub(crate) fn cross_compiler(architecture: Architecture) -> String {
    let cpu = match architecture {
        Architecture::Amd64 => "x86_64",
        Architecture::Arm64 => "aarch64",
        Architecture::Ppc64el => "powerpc64le",
        other => other.as_str(),
    };
    format!("{cpu}-linux-gnu-gcc")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MUSL: &str = "x86_64-unknown-linux-musl";
    const FOREIGN: &str = "aarch64-unknown-linux-musl";

    #[track_caller]
    fn check(output: &str, triple: &str, expected: &str) {
        let triple: Triple = triple.parse().unwrap();
        let is_foreign = triple.architecture() != Architecture::Amd64;
        let piece = MissingPiece::find(output, &triple, is_foreign).unwrap();
        assert_eq!(format!("{piece}: {}", piece.install(&triple, is_foreign)), expected);
    }

    #[test]
    fn names_a_missing_linker() {
        check(
            "error: linker `cc` not found\n  |\n",
            MUSL,
            "the linker `cc`: `apt-get install gcc libc6-dev`",
        );
        check(
            "error: linker `clang` not found\n",
            MUSL,
            "the linker `clang`: `apt-get install clang`",
        );
    }

    #[test]
    fn names_the_linker_for_another_architecture() {
        check(
            "error: linking with `cc` failed: exit status: 1\n",
            "aarch64-unknown-linux-gnu",
            "the linker `aarch64-linux-gnu-gcc`: \
             `apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross`",
        );
        assert_eq!(cross_compiler(Architecture::Riscv64), "riscv64-linux-gnu-gcc");
    }

    #[test]
    fn names_a_missing_c_compiler() {
        check(
            "error occurred in cc-rs: failed to find tool \"x86_64-linux-musl-gcc\": No such file",
            MUSL,
            "the compiler `x86_64-linux-musl-gcc`: `apt-get install musl-tools`",
        );
        check(
            "Failed to find tool. Is `aarch64-linux-musl-gcc` installed?",
            FOREIGN,
            "the compiler `aarch64-linux-musl-gcc`: \
             `apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross`, \
             and pack with `--target aarch64-unknown-linux-gnu`",
        );
        check(
            "failed to execute command: No such file\nis `cmake` not installed?",
            MUSL,
            "the compiler `cmake`: `apt-get install cmake`",
        );
        check("failed to find tool \"c++\"", MUSL, "the compiler `c++`: `apt-get install g++`");
        check(
            "warning: this is `odd`\nis `cmake` not installed?",
            MUSL,
            "the compiler `cmake`: `apt-get install cmake`",
        );
    }

    #[test]
    fn names_a_missing_c_library() {
        check(
            "error: linking with `cc` failed\n /usr/bin/ld: cannot find -lc: No such file",
            "x86_64-unknown-linux-gnu",
            "the C library: `apt-get install libc6-dev`",
        );
    }

    #[test]
    fn sees_nothing_missing_in_a_compile_error() {
        let triple = MUSL.parse().unwrap();
        assert_eq!(MissingPiece::find("error[E0308]: mismatched types", &triple, true), None);
    }
}
