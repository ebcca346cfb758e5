use std::fs;
use std::path::Path;

use juju_agent_rpc::Request;

use super::arguments::{Arguments, Flag};
use super::failure::Failure;
use super::format::Format;
use crate::go::Value;

/// The call of a tool.
pub(crate) struct Call<'a> {
    pub(crate) tool: &'a str,
    pub(crate) args: &'a [String],
    dir: &'a Path,
    stdin: Option<&'a [u8]>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(request: &'a Request) -> Self {
        Self {
            tool: &request.command_name,
            args: &request.args,
            dir: Path::new(&request.dir),
            stdin: request.stdin.as_deref(),
        }
    }

    /// Reads a file named in the arguments; `-` is standard input.
    pub(crate) fn read(&self, file: &str) -> Result<Vec<u8>, Failure> {
        if file == "-" {
            return self.stdin.map(<[u8]>::to_vec).ok_or(Failure::StdinRequired);
        }
        let path = self.dir.join(file);
        fs::read(&path).map_err(|error| Failure::failed(cannot_open(&path, &error)))
    }
}

/// What a tool prints.
#[derive(Debug, Default)]
pub(crate) struct Output {
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

impl Output {
    /// Nothing.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// A complaint of a tool that does its work all the same.
    pub(crate) fn complaint(text: &str) -> Self {
        Self { stdout: Vec::new(), stderr: text.as_bytes().to_vec() }
    }
}

/// The flags `--format` and `--output`.
pub(crate) struct OutputFlags {
    default: Format,
}

impl OutputFlags {
    /// The flags of most tools.
    pub(crate) const SMART: Self = Self { default: Format::Smart };
    /// The flags of the few tools without the format `smart`.
    pub(crate) const YAML: Self = Self { default: Format::Yaml };

    /// Takes the arguments of a tool apart, together with these flags.
    pub(crate) fn parse(
        &self,
        call: &Call<'_>,
        flags: Vec<Flag<'_>>,
    ) -> Result<Arguments, Failure> {
        let check = |name: &str| match name.parse::<Format>() {
            Ok(Format::Smart) if self.default != Format::Smart => Err(unknown_format(name)),
            Ok(_) => Ok(()),
            Err(()) => Err(unknown_format(name)),
        };
        let mut flags = flags;
        flags.push(Flag::checked(&["format"], &check));
        flags.push(Flag::value(&["output", "o"]));
        Arguments::parse(call.args, &flags)
    }

    /// Returns the format that was asked for.
    pub(crate) fn format(&self, arguments: &Arguments) -> Format {
        let asked = arguments.value("format").and_then(|name| name.parse().ok());
        asked.unwrap_or(self.default)
    }

    /// Prints a value as the arguments ask for it.
    pub(crate) fn print(
        &self,
        call: &Call<'_>,
        arguments: &Arguments,
        value: &Value,
    ) -> Result<Output, Failure> {
        let text = self.format(arguments).write(value).into_bytes();
        let Some(file) = arguments.value("output").filter(|file| !file.is_empty()) else {
            return Ok(Output { stdout: text, stderr: Vec::new() });
        };
        let path = call.dir.join(file);
        fs::write(&path, text).map_err(|error| Failure::failed(cannot_open(&path, &error)))?;
        Ok(Output::none())
    }
}

fn unknown_format(name: &str) -> String {
    format!("unknown format {}", crate::go::quote(name))
}

/// Says in Go's words why a file cannot be opened.
pub(super) fn cannot_open(path: &Path, error: &std::io::Error) -> String {
    // Go names the reason in lower case and without Rust's number.
    let reason = match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        _ => error.to_string(),
    };
    format!("open {}: {reason}", path.display())
}
