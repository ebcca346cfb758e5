//! What a newcomer sees: `cargo xtask demo`, as the program prints it.

use std::process::Command;

#[test]
fn the_demo_plays_the_whole_life_of_the_example() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("demo").output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");

    let mut settings = insta::Settings::clone_current();
    // What differs from machine to machine and from commit to commit.
    settings.add_filter(r" +\d+\.\d ms", " N ms");
    settings.add_filter(r"(644|755) +\d+", "$1 SIZE");
    settings.add_filter(r"\d+ bytes", "SIZE bytes");
    settings.add_filter(r"sha256 [0-9a-f]{64}", "sha256 HASH");
    settings.add_filter(r"-[0-9a-f]{32}\b", "-ID");
    settings.add_filter(r"_(amd64|arm64|ppc64el|riscv64|s390x)\.charm", "_ARCH.charm");
    settings.add_filter(r"\S+/charms/", "target/charms/");
    settings.bind(|| insta::assert_snapshot!(String::from_utf8_lossy(&output.stdout), @r#"

    A charm in Rust: packed, deployed, configured, removed

      Left out: the machine is a scratch folder. Packages and services are noted down there,
      not installed, so that nothing changes on this machine. Juju is simulated; the charm,
      its package, its processes and its calls to Juju are real.

    $ cargo charm pack --charm example-exporter
      644 SIZE  LICENSE-APACHE
      644 SIZE  LICENSE-MIT
      644 SIZE  README.md
      644 SIZE  actions.yaml
      644 SIZE  config.yaml
      755 SIZE  dispatch
      644 SIZE  icon.svg
      644 SIZE  manifest.yaml
      644 SIZE  metadata.yaml
      644 SIZE  version
      SIZE bytes raw, SIZE bytes zipped, sha256 HASH
      -> target/charms/example-exporter_ARCH.charm

    $ juju deploy ./example-exporter_ARCH.charm exporter
      install N ms   status: waiting: waiting for machine -> waiting: not configured yet
                                   machine: updated the lists of packages
                                   machine: installed package prometheus-node-exporter 0+scratch
                                   machine: enabled prometheus-node-exporter.service
                                   machine: started prometheus-node-exporter.service
      leader-elected N ms   changed nothing
      config-changed N ms   status: waiting: not configured yet -> active
                                   version: 0+scratch
                                   port opened: 9100/tcp
                                   state: charmwright.run = exporter/0-config-changed-ID
                                   machine: made folder /etc/systemd/system/prometheus-node-exporter.service.d
                                   machine: wrote /etc/systemd/system/prometheus-node-exporter.service.d/charm.conf
                                   machine: reloaded unit files
                                   machine: restarted prometheus-node-exporter.service
      start N ms   changed nothing

    $ juju config exporter port=9200 collectors="systemd, -wifi"
      config-changed N ms   port closed: 9100/tcp
                                   port opened: 9200/tcp
                                   state: charmwright.run = exporter/0-config-changed-ID
                                   machine: wrote /etc/systemd/system/prometheus-node-exporter.service.d/charm.conf
                                   machine: reloaded unit files
                                   machine: restarted prometheus-node-exporter.service

    $ juju config exporter port=99999
      config-changed N ms   status: active -> blocked: port: 99999 is not in 1-65535
                                   state: charmwright.run = exporter/0-config-changed-ID

    $ juju config exporter port=9200
      config-changed N ms   status: blocked: port: 99999 is not in 1-65535 -> active
                                   state: charmwright.run = exporter/0-config-changed-ID

    $ juju run exporter/0 show-endpoint
      show-endpoint N ms   result: url = http://10.0.0.11:9200/metrics

    $ juju run exporter/0 restart
      restart N ms   result: restarted = prometheus-node-exporter
                                   machine: restarted prometheus-node-exporter.service

    (five minutes later)
      update-status N ms   changed nothing

    $ juju status
      Model  Controller  Cloud/Region       Version  SLA          Timestamp
      demo   simulator   simulated/nowhere  3.6.28   unsupported  00:00:00Z

      App       Version    Status  Scale  Charm             Channel  Rev  Exposed  Message
      exporter  0+scratch  active      1  example-exporter             0  no

      Unit         Workload  Agent  Machine  Public address  Ports     Message
      exporter/0*  active    idle   0        10.0.0.11       9200/tcp

      Machine  State    Address    Inst id        Base          AZ  Message
      0        started  10.0.0.11  juju-b965f4-0  ubuntu@24.04      Running

    $ juju remove-application exporter
      stop N ms   status: active -> maintenance
                                   port closed: 9200/tcp
                                   state: charmwright.run = exporter/0-stop-ID
                                   machine: stopped prometheus-node-exporter.service
                                   machine: disabled prometheus-node-exporter.service
      remove N ms   status: maintenance -> terminated
                                   machine: removed /etc/systemd/system/prometheus-node-exporter.service.d/charm.conf
                                   machine: reloaded unit files

    Deploy it to a real Juju with

      juju deploy target/charms/example-exporter_ARCH.charm
    "#));
}
