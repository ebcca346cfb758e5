//! What the charm's options mean.

use std::path::Path;

use juju_types::UnitName;
use serde::Deserialize;
use thiserror::Error;

use crate::tls::{RawTls, Tls, TlsError, WEB_CONFIG};

/// The options as Juju hands them over, not yet checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct RawOptions {
    port: i64,
    #[serde(default)]
    collectors: String,
    #[serde(default)]
    extra_args: String,
    #[serde(flatten)]
    tls: RawTls,
}

/// Options that the exporter can run with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Options {
    pub(crate) port: u16,
    /// How it encrypts, if it does.
    pub(crate) tls: Option<Tls>,
    /// Every argument but that for TLS; none needs quoting.
    arguments: Vec<String>,
}

impl TryFrom<RawOptions> for Options {
    type Error = OptionsError;

    fn try_from(raw: RawOptions) -> Result<Self, OptionsError> {
        let port = match u16::try_from(raw.port) {
            Ok(port) if port > 0 => port,
            _ => return Err(OptionsError::Port(raw.port)),
        };
        let mut arguments = vec![format!("--web.listen-address=:{port}")];
        for name in raw.collectors.split([' ', ',', '\n']).filter(|name| !name.is_empty()) {
            arguments.push(collector(name)?);
        }
        for argument in raw.extra_args.split_whitespace() {
            arguments.push(extra_argument(argument)?);
        }
        Ok(Self { port, tls: raw.tls.check()?, arguments })
    }
}

impl Options {
    /// Returns the unit file by which systemd starts the exporter of a unit.
    pub(crate) fn unit_file(&self, unit: &UnitName, folder: &Path) -> String {
        let mut arguments = self.arguments.clone();
        if self.tls.is_some() {
            arguments.push(format!("--web.config.file={}", folder.join(WEB_CONFIG).display()));
        }
        format!(
            "# Written by the charm: changes are lost.\n\
             [Unit]\n\
             Description=Prometheus node exporter of the unit {unit}\n\
             \n\
             [Service]\n\
             User=prometheus\n\
             ExecStart=/usr/bin/prometheus-node-exporter {}\n\
             Restart=on-failure\n\
             \n\
             [Install]\n\
             WantedBy=multi-user.target\n",
            arguments.join(" ")
        )
    }
}

fn collector(name: &str) -> Result<String, OptionsError> {
    let (prefix, plain) = match name.strip_prefix('-') {
        Some(plain) => ("--no-collector.", plain),
        None => ("--collector.", name),
    };
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if plain.is_empty() || !plain.chars().all(good) {
        return Err(OptionsError::Collector(name.to_owned()));
    }
    Ok(format!("{prefix}{plain}"))
}

/// The text ends up in a file that systemd reads, so nothing may pass that
/// means something to systemd.
fn extra_argument(argument: &str) -> Result<String, OptionsError> {
    let plain = |c: char| c.is_ascii_graphic() && !"\"'\\$%`".contains(c);
    if !argument.starts_with('-') || !argument.chars().all(plain) {
        return Err(OptionsError::Argument(argument.to_owned()));
    }
    if argument.trim_start_matches('-').starts_with("web.listen-address") {
        return Err(OptionsError::ListenAddress);
    }
    Ok(argument.to_owned())
}

/// An option has a value that the exporter cannot run with.
#[derive(Debug, Eq, Error, PartialEq)]
pub(crate) enum OptionsError {
    #[error("extra-args: `{0}` is no argument that starts with `-` and needs no quotes")]
    Argument(String),
    #[error("collectors: `{0}` is no name of a collector")]
    Collector(String),
    #[error("extra-args: the listen address is set by the option port")]
    ListenAddress,
    #[error("port: {0} is not in 1-65535")]
    Port(i64),
    #[error(transparent)]
    Tls(#[from] TlsError),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(port: i64, collectors: &str, extra_args: &str) -> Result<Options, OptionsError> {
        let (collectors, extra_args) = (collectors.to_owned(), extra_args.to_owned());
        RawOptions { port, collectors, extra_args, tls: RawTls::default() }.try_into()
    }

    #[track_caller]
    fn refused(options: Result<Options, OptionsError>, message: &str) {
        assert_eq!(options.unwrap_err().to_string(), message);
    }

    #[test]
    fn options_become_arguments() {
        let options = options(9200, "systemd, -wifi", "--log.level=debug").unwrap();
        let unit = "exporter/0".parse().unwrap();
        insta::assert_snapshot!(options.unit_file(&unit, Path::new("/etc/node-exporter/exporter-0")), @"
        # Written by the charm: changes are lost.
        [Unit]
        Description=Prometheus node exporter of the unit exporter/0

        [Service]
        User=prometheus
        ExecStart=/usr/bin/prometheus-node-exporter --web.listen-address=:9200 --collector.systemd --no-collector.wifi --log.level=debug
        Restart=on-failure

        [Install]
        WantedBy=multi-user.target
        ");
    }

    #[test]
    fn a_port_outside_the_range_is_refused() {
        refused(options(0, "", ""), "port: 0 is not in 1-65535");
        refused(options(-1, "", ""), "port: -1 is not in 1-65535");
        refused(options(70_000, "", ""), "port: 70000 is not in 1-65535");
    }

    #[test]
    fn a_collector_with_strange_characters_is_refused() {
        refused(options(1, "cpu;reboot", ""), "collectors: `cpu;reboot` is no name of a collector");
        refused(options(1, "-", ""), "collectors: `-` is no name of a collector");
    }

    #[test]
    fn an_argument_that_systemd_would_change_is_refused() {
        refused(
            options(1, "", "--a=$HOME"),
            "extra-args: `--a=$HOME` is no argument that starts with `-` and needs no quotes",
        );
        refused(
            options(1, "", "debug"),
            "extra-args: `debug` is no argument that starts with `-` and needs no quotes",
        );
    }

    #[test]
    fn the_listen_address_belongs_to_the_port() {
        refused(
            options(1, "", "--web.listen-address=:1"),
            "extra-args: the listen address is set by the option port",
        );
    }
}
