//! Services and the other units of systemd.

use std::time::Duration;

use crate::command::Command;
use crate::machine::Machine;
use crate::output::Output;
use crate::service_error::ServiceError;
use crate::service_name::ServiceName;

/// Services and the other units of systemd, by [`systemctl`].
///
/// A name without suffix means a service: `nginx` is `nginx.service`. All
/// calls return [`ServiceError::Name`] for a text that is no [`ServiceName`].
///
/// [`systemctl`]: https://manpages.debian.org/bookworm/systemd/systemctl.1.en.html
impl Machine {
    /// Starts a service, unless it runs, and waits until it is up.
    ///
    /// A service that fails soon after it was started is no error here: ask
    /// [`Self::is_active`].
    ///
    /// # Errors
    ///
    /// Returns [`ServiceError::NotFound`] if systemd does not know the service,
    /// [`ServiceError::Masked`] if somebody forbade it, and
    /// [`ServiceError::Command`] if it does not start.
    pub fn start(&self, service: impl AsRef<str>) -> Result<(), ServiceError> {
        self.systemctl("start", &service.as_ref().parse()?)
    }

    /// Stops a service, if it runs, and waits until it is down. One that
    /// systemd does not know does not run.
    ///
    /// # Errors
    ///
    /// Returns [`ServiceError::Command`] if it does not stop.
    pub fn stop(&self, service: impl AsRef<str>) -> Result<(), ServiceError> {
        match self.systemctl("stop", &service.as_ref().parse()?) {
            Err(ServiceError::NotFound { .. }) => Ok(()),
            result => result,
        }
    }

    /// Stops a service, if it runs, and starts it.
    ///
    /// # Errors
    ///
    /// As [`Self::start`].
    pub fn restart(&self, service: impl AsRef<str>) -> Result<(), ServiceError> {
        self.systemctl("restart", &service.as_ref().parse()?)
    }

    /// Asks a service that runs to read its configuration again.
    ///
    /// # Errors
    ///
    /// As [`Self::start`]; [`ServiceError::Command`] also if the service does
    /// not run or cannot reload.
    pub fn reload(&self, service: impl AsRef<str>) -> Result<(), ServiceError> {
        self.systemctl("reload", &service.as_ref().parse()?)
    }

    /// Lets a service start with the machine, and returns whether anything
    /// changed. It is not started now.
    ///
    /// # Errors
    ///
    /// As [`Self::start`].
    pub fn enable(&self, service: impl AsRef<str>) -> Result<bool, ServiceError> {
        let service = service.as_ref().parse()?;
        if is_enabled(&self.unit_file_state(&service)?) {
            return Ok(false);
        }
        self.systemctl("enable", &service).map(|()| true)
    }

    /// Lets a service no longer start with the machine, and returns whether
    /// anything changed. It is not stopped now. A service that systemd does
    /// not know is none that starts.
    ///
    /// # Errors
    ///
    /// Returns [`ServiceError::Command`] if systemd refuses.
    pub fn disable(&self, service: impl AsRef<str>) -> Result<bool, ServiceError> {
        let service = service.as_ref().parse()?;
        if !is_enabled(&self.unit_file_state(&service)?) {
            return Ok(false);
        }
        self.systemctl("disable", &service).map(|()| true)
    }

    /// Forbids to start a service, by whomever, and returns whether anything
    /// changed. It is not stopped now.
    ///
    /// # Errors
    ///
    /// Returns [`ServiceError::Command`] if systemd refuses, as it does for a
    /// service whose file is in `/etc/systemd/system`.
    pub fn mask(&self, service: impl AsRef<str>) -> Result<bool, ServiceError> {
        let service = service.as_ref().parse()?;
        if is_masked(&self.unit_file_state(&service)?) {
            return Ok(false);
        }
        self.systemctl("mask", &service).map(|()| true)
    }

    /// Allows again to start a service, and returns whether anything changed.
    ///
    /// # Errors
    ///
    /// Returns [`ServiceError::Command`] if systemd refuses.
    pub fn unmask(&self, service: impl AsRef<str>) -> Result<bool, ServiceError> {
        let service = service.as_ref().parse()?;
        if !is_masked(&self.unit_file_state(&service)?) {
            return Ok(false);
        }
        self.systemctl("unmask", &service).map(|()| true)
    }

    /// Returns whether a service runs.
    ///
    /// One that systemd does not know does not, and neither does one that is
    /// still starting or waits to be restarted after a failure.
    ///
    /// # Errors
    ///
    /// Returns [`ServiceError::Command`] if systemd does not answer.
    pub fn is_active(&self, service: impl AsRef<str>) -> Result<bool, ServiceError> {
        let command = systemctl("is-active").arg(service.as_ref().parse::<ServiceName>()?.as_str());
        // Its exit code says no more than its word does.
        let output = self.execute(&command)?;
        match output.stdout_text().as_ref() {
            "" => Err(command.failed(output).into()),
            state => Ok(matches!(state, "active" | "refreshing" | "reloading")),
        }
    }

    /// Returns whether a service starts with the machine. One that systemd
    /// does not know does not.
    ///
    /// # Errors
    ///
    /// Returns [`ServiceError::Command`] if systemd does not answer.
    pub fn is_enabled(&self, service: impl AsRef<str>) -> Result<bool, ServiceError> {
        Ok(is_enabled(&self.unit_file_state(&service.as_ref().parse()?)?))
    }

    /// Lets systemd read its unit files again.
    ///
    /// The methods that write unit files do so themselves.
    ///
    /// # Errors
    ///
    /// Returns [`ServiceError::Command`] if systemd refuses.
    pub fn daemon_reload(&self) -> Result<(), ServiceError> {
        self.run(&systemctl("daemon-reload"))?;
        Ok(())
    }

    fn systemctl(&self, verb: &str, service: &ServiceName) -> Result<(), ServiceError> {
        let command = systemctl(verb).arg(service.as_str());
        let output = self.execute(&command)?;
        if output.is_success() { Ok(()) } else { Err(refusal(&command, service, output)) }
    }

    /// Returns systemd's word for what is known of a unit's file, or nothing
    /// if there is none.
    fn unit_file_state(&self, service: &ServiceName) -> Result<String, ServiceError> {
        let command = systemctl("is-enabled").arg(service.as_str());
        let output = self.execute(&command)?;
        match output.stdout_text().as_ref() {
            // What systemd says up to 252; later it prints `not-found`.
            "" if output.stderr_text().contains("No such file or directory") => Ok(String::new()),
            "" => Err(command.failed(output).into()),
            state => Ok(state.to_owned()),
        }
    }
}

/// A service may take long to stop or start; systemd has limits of its own.
pub(crate) fn systemctl(verb: &str) -> Command {
    Command::new("systemctl").arg(verb).time_limit(Duration::from_mins(15))
}

/// The states that [`systemctl is-enabled`] names when a unit starts by itself.
///
/// [`systemctl is-enabled`]: https://manpages.debian.org/bookworm/systemd/systemctl.1.en.html#is-enabled
fn is_enabled(state: &str) -> bool {
    matches!(state, "alias" | "enabled" | "enabled-runtime" | "generated")
}

fn is_masked(state: &str) -> bool {
    matches!(state, "masked" | "masked-runtime")
}

/// Tells the refusals apart that one can react to. The full name is looked
/// for, as another unit that this one needs may be the culprit.
fn refusal(command: &Command, service: &ServiceName, output: Output) -> ServiceError {
    let stderr = output.stderr_text();
    let says = |words: &[String]| words.iter().any(|words| stderr.contains(words));
    if says(&[
        format!("Unit {service} not found"),
        format!("Unit {service} not loaded"),
        format!("Unit file {service} does not exist"),
    ]) {
        return ServiceError::NotFound { service: service.clone() };
    }
    if says(&[format!("Unit {service} is masked"), format!("/{service} is masked")]) {
        return ServiceError::Masked { service: service.clone() };
    }
    drop(stderr);
    command.failed(output).into()
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;
    use crate::service_error::ServiceError;

    /// The answers are those of systemd 252.
    fn bench(code: i32, stdout: &str, stderr: &str) -> Bench {
        let bench = Bench::new(&["systemctl"]);
        bench.answer("systemctl", code, stdout, stderr);
        bench
    }

    #[test]
    fn asks_systemd_by_full_names() {
        let bench = Bench::new(&["systemctl"]);
        let machine = bench.machine();
        machine.start("a").unwrap();
        machine.stop("a.timer").unwrap();
        machine.restart("a@x").unwrap();
        machine.reload("a").unwrap();
        machine.daemon_reload().unwrap();
        insta::assert_snapshot!(bench.calls(), @r"
        systemctl start a.service
        systemctl stop a.timer
        systemctl restart a@x.service
        systemctl reload a.service
        systemctl daemon-reload
        ");
    }

    #[test]
    fn changes_what_starts_with_the_machine_only_if_it_differs() {
        let bench = Bench::new(&["systemctl"]);
        let machine = bench.machine();
        for (code, state) in
            [(1, "disabled"), (0, ""), (0, "enabled"), (0, "enabled"), (0, ""), (0, "static")]
        {
            bench.answer("systemctl", code, &format!("{state}\n"), "");
        }
        assert!(machine.enable("a").unwrap());
        assert!(!machine.enable("a").unwrap());
        assert!(machine.disable("a").unwrap());
        assert!(!machine.disable("a").unwrap());
        for (code, state) in
            [(0, "static"), (0, ""), (1, "masked"), (1, "masked"), (0, ""), (1, "disabled")]
        {
            bench.answer("systemctl", code, &format!("{state}\n"), "");
        }
        assert!(machine.mask("a").unwrap());
        assert!(!machine.mask("a").unwrap());
        assert!(machine.unmask("a").unwrap());
        assert!(!machine.unmask("a").unwrap());
        let calls = bench.calls();
        let changes = calls.lines().filter(|line| !line.contains("is-enabled"));
        assert_eq!(
            changes.collect::<Vec<_>>(),
            [
                "systemctl enable a.service",
                "systemctl disable a.service",
                "systemctl mask a.service",
                "systemctl unmask a.service"
            ]
        );
    }

    #[test]
    fn reads_states_and_not_exit_codes() {
        for (code, word, active) in [
            (0, "active", true),
            (0, "reloading", true),
            (3, "inactive", false),
            (3, "failed", false),
            (3, "activating", false),
            (4, "inactive", false),
        ] {
            assert_eq!(bench(code, word, "").machine().is_active("a").unwrap(), active, "{word}");
        }
        for (code, word, enabled) in [
            (0, "enabled", true),
            (0, "enabled-runtime", true),
            (0, "static", false),
            (1, "disabled", false),
            (1, "masked", false),
            (4, "not-found", false),
        ] {
            assert_eq!(bench(code, word, "").machine().is_enabled("a").unwrap(), enabled, "{word}");
        }
        let unknown = "Failed to get unit file state for a.service: No such file or directory\n";
        assert!(!bench(1, "", unknown).machine().is_enabled("a").unwrap());
    }

    #[test]
    fn silence_of_systemd_is_an_error() {
        let dead = "System has not been booted with systemd as init system (PID 1). Can't operate.\n\
            Failed to connect to bus: Host is down\n";
        assert!(matches!(
            bench(1, "", dead).machine().is_active("a"),
            Err(ServiceError::Command(_))
        ));
        assert!(matches!(
            bench(1, "", dead).machine().is_enabled("a"),
            Err(ServiceError::Command(_))
        ));
        assert!(matches!(
            bench(1, "", dead).machine().daemon_reload(),
            Err(ServiceError::Command(_))
        ));
    }

    #[test]
    fn an_unknown_service_is_told_apart() {
        for words in [
            "Failed to start a.service: Unit a.service not found.\n",
            "Failed to enable unit: Unit file a.service does not exist.\n",
        ] {
            assert!(
                matches!(
                    bench(5, "", words).machine().start("a"),
                    Err(ServiceError::NotFound { .. })
                ),
                "{words}"
            );
        }
        insta::assert_snapshot!(
            bench(5, "", "Failed to start a.service: Unit a.service not found.\n").machine().start("a").unwrap_err(),
            @"systemd does not know `a.service`: install the package that brings it, or write its unit file first"
        );
    }

    #[test]
    fn an_unknown_service_is_stopped_already() {
        let words = "Failed to stop a.service: Unit a.service not loaded.\n";
        bench(5, "", words).machine().stop("a").unwrap();
        bench(1, "", "Failed to stop a.service: Access denied\n").machine().stop("a").unwrap_err();
    }

    #[test]
    fn a_masked_service_is_told_apart() {
        let words = "Failed to start a.service: Unit a.service is masked.\n";
        insta::assert_snapshot!(
            bench(1, "", words).machine().start("a").unwrap_err(),
            @"`a.service` is masked: it can be neither started nor enabled before `systemctl unmask a.service`"
        );
        let bench = bench(1, "disabled\n", "");
        bench.answer(
            "systemctl",
            1,
            "",
            "Failed to enable unit: Unit file /etc/systemd/system/a.service is masked.\n",
        );
        assert!(matches!(bench.machine().enable("a"), Err(ServiceError::Masked { .. })));
    }

    #[test]
    fn the_fault_of_another_unit_is_not_blamed_on_this_one() {
        let words = "Failed to start a.service: Unit b.service not found.\n";
        insta::assert_snapshot!(
            bench(5, "", words).machine().start("a").unwrap_err(),
            @"`systemctl start a.service` exited with code 5: Failed to start a.service: Unit b.service not found."
        );
    }
}
