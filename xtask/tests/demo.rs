//! What a newcomer sees: `cargo xtask demo`, as the program prints it.

use std::{collections::BTreeSet, process::Command};

#[test]
#[expect(clippy::too_many_lines, reason = "most of them are what is printed")]
fn the_demo_plays_the_whole_life_of_the_examples() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_xtask")).args(["demo", "--scratch"]).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");

    let said = String::from_utf8_lossy(&output.stdout);
    let columns: BTreeSet<_> = said.lines().filter_map(|line| line.find(" ms   ")).collect();
    assert_eq!(columns.len(), 1, "{said}");

    let mut settings = insta::Settings::clone_current();
    // What differs from machine to machine and from commit to commit.
    settings.add_filter(r" +\d+\.\d ms", " N ms");
    settings.add_filter(r"(644|755) +\d+", "$1 SIZE");
    settings.add_filter(r"\d+ bytes", "SIZE bytes");
    settings.add_filter(r"sha256 [0-9a-f]{64}", "sha256 HASH");
    settings.add_filter(r"-[0-9a-f]{32}\b", "-ID");
    settings.add_filter(r"_(amd64|arm64|ppc64el|riscv64|s390x)\.charm", "_ARCH.charm");
    settings.add_filter(r"\S+/(charms|demo)\b", "target/$1");
    settings.bind(|| insta::assert_snapshot!(said, @r#"

    Two charms in Rust: packed, deployed, related, changed, removed

      Left out: a real machine (by `--scratch`).
      A folder stands for it: packages and services are noted down there, not installed.
      Juju is simulated. The charms are real: their files, their processes and their calls
      of Juju's hook tools.

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

    $ cargo charm pack --charm example-prometheus
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
      -> target/charms/example-prometheus_ARCH.charm

    $ juju add-machine --base ubuntu@24.04
      the folder target/demo stands for it

    $ juju deploy target/charms/example-exporter_ARCH.charm exporter --to 0
      exporter/0 install N ms   status: waiting: waiting for machine -> waiting: not configured yet
                                                             machine: updated the lists of packages
                                                             machine: installed package prometheus-node-exporter 0+scratch
                                                             machine: enabled prometheus-node-exporter.service
                                                             machine: started prometheus-node-exporter.service
                                                             machine: stopped prometheus-node-exporter.service
                                                             machine: disabled prometheus-node-exporter.service
      exporter/0 leader-elected N ms   changed nothing
      exporter/0 config-changed N ms   status: waiting: not configured yet -> active
                                                             version: 0+scratch
                                                             port opened: 9100/tcp
                                                             machine: wrote /etc/systemd/system/exporter-0-node-exporter.service
                                                             machine: reloaded unit files
                                                             machine: enabled exporter-0-node-exporter.service
                                                             machine: restarted exporter-0-node-exporter.service
      exporter/0 start N ms   changed nothing

    $ juju deploy target/charms/example-prometheus_ARCH.charm prometheus --config scrape-interval=1s --to 0
      prometheus/0 install N ms   status: waiting: waiting for machine -> waiting: not configured yet
                                                             machine: installed package prometheus 2.42.0
                                                             machine: enabled prometheus.service
                                                             machine: started prometheus.service
                                                             machine: stopped prometheus.service
                                                             machine: disabled prometheus.service
      prometheus/0 leader-elected N ms   changed nothing
      prometheus/0 config-changed N ms   status: waiting: not configured yet -> active: 0 jobs, 0 of 0 targets up
                                                             version: 2.42.0
                                                             port opened: 9090/tcp
                                                             machine: made folder /etc/prometheus
                                                             machine: made folder /etc/prometheus/prometheus-0
                                                             machine: wrote /etc/systemd/system/prometheus-0-server.service
                                                             machine: reloaded unit files
                                                             machine: enabled prometheus-0-server.service
                                                             machine: ran promtool check config /etc/prometheus/prometheus-0/prometheus.yml.staged
                                                             machine: restarted prometheus-0-server.service
                                                             machine: ran promtool query instant --format=json http://localhost:9090 up
                                                             machine: ran promtool query instant --format=json http://localhost:9090 up
      prometheus/0 start N ms   machine: ran promtool check config /etc/prometheus/prometheus-0/prometheus.yml
                                                             machine: ran promtool query instant --format=json http://localhost:9090 up

    $ juju integrate exporter:prometheus prometheus:manual-jobs
      exporter/0 prometheus-relation-created N ms   prometheus:0 unit: egress-subnets = 10.0.0.11/32
                                                             prometheus:0 unit: ingress-address = 10.0.0.11
                                                             prometheus:0 unit: private-address = 10.0.0.11
      prometheus/0 manual-jobs-relation-created N ms   manual-jobs:0 unit: egress-subnets = 10.0.0.11/32
                                                             manual-jobs:0 unit: ingress-address = 10.0.0.11
                                                             manual-jobs:0 unit: private-address = 10.0.0.11
                                                             machine: ran promtool query instant --format=json http://localhost:9090 up
      exporter/0 prometheus-relation-joined N ms   prometheus:0 unit: request_671aace9-ad09-5e3f-8c09-48db2e6447e9 = {"ca_cert": null, "client_cert": null, "clie…
      exporter/0 prometheus-relation-changed N ms   changed nothing
      prometheus/0 manual-jobs-relation-joined N ms   status: active: 0 jobs, 0 of 0 targets up -> active: 1 job, 0 of 0 targets up
                                                             manual-jobs:0 unit: response_671aace9-ad09-5e3f-8c09-48db2e6447e9 = {"reason": null, "success": true}
                                                             machine: ran promtool check config /etc/prometheus/prometheus-0/prometheus.yml.staged
                                                             machine: ran curl --disable --silent --fail http://127.0.0.1:9090/metrics
                                                             machine: reloaded prometheus-0-server.service
                                                             machine: ran curl --disable --silent --fail http://127.0.0.1:9090/metrics
                                                             machine: ran promtool query instant --format=json http://localhost:9090 up
      exporter/0 prometheus-relation-changed N ms   changed nothing
      prometheus/0 manual-jobs-relation-changed N ms   machine: ran promtool query instant --format=json http://localhost:9090 up

    $ juju config exporter port=9200 collectors="systemd, -wifi"
      exporter/0 config-changed N ms   port closed: 9100/tcp
                                                             port opened: 9200/tcp
                                                             prometheus:0 unit: request_671aace9-ad09-5e3f-8c09-48db2e6447e9 = {"ca_cert": null, "client_cert": null, "clie…
                                                             machine: wrote /etc/systemd/system/exporter-0-node-exporter.service
                                                             machine: reloaded unit files
                                                             machine: restarted exporter-0-node-exporter.service
      prometheus/0 manual-jobs-relation-changed N ms   machine: ran promtool check config /etc/prometheus/prometheus-0/prometheus.yml.staged
                                                             machine: ran curl --disable --silent --fail http://127.0.0.1:9090/metrics
                                                             machine: reloaded prometheus-0-server.service
                                                             machine: ran curl --disable --silent --fail http://127.0.0.1:9090/metrics
                                                             machine: ran promtool query instant --format=json http://localhost:9090 up

    (a value that cannot be)

    $ juju config exporter port=99999
      exporter/0 config-changed N ms   status: active -> blocked: port: 99999 is not in 1-65535

    $ juju config exporter port=9200
      exporter/0 config-changed N ms   status: blocked: port: 99999 is not in 1-65535 -> active

    (one more on the same machine)

    $ juju deploy target/charms/example-exporter_ARCH.charm second --config port=9300 --to 0
      second/0 install N ms   status: waiting: waiting for machine -> waiting: not configured yet
      second/0 leader-elected N ms   changed nothing
      second/0 config-changed N ms   status: waiting: not configured yet -> active
                                                             version: 0+scratch
                                                             port opened: 9300/tcp
                                                             machine: wrote /etc/systemd/system/second-0-node-exporter.service
                                                             machine: reloaded unit files
                                                             machine: enabled second-0-node-exporter.service
                                                             machine: restarted second-0-node-exporter.service
      second/0 start N ms   changed nothing

    $ juju integrate second:prometheus prometheus:manual-jobs
      prometheus/0 manual-jobs-relation-created N ms   manual-jobs:1 unit: egress-subnets = 10.0.0.11/32
                                                             manual-jobs:1 unit: ingress-address = 10.0.0.11
                                                             manual-jobs:1 unit: private-address = 10.0.0.11
                                                             machine: ran promtool query instant --format=json http://localhost:9090 up
      second/0 prometheus-relation-created N ms   prometheus:1 unit: egress-subnets = 10.0.0.11/32
                                                             prometheus:1 unit: ingress-address = 10.0.0.11
                                                             prometheus:1 unit: private-address = 10.0.0.11
      prometheus/0 manual-jobs-relation-joined N ms   machine: ran promtool check config /etc/prometheus/prometheus-0/prometheus.yml
                                                             machine: ran promtool query instant --format=json http://localhost:9090 up
      prometheus/0 manual-jobs-relation-changed N ms   machine: ran promtool query instant --format=json http://localhost:9090 up
      second/0 prometheus-relation-joined N ms   prometheus:1 unit: request_ef6a914e-a3f0-5d03-b54c-ac02dd7bbf3e = {"ca_cert": null, "client_cert": null, "clie…
      prometheus/0 manual-jobs-relation-changed N ms   status: active: 1 job, 0 of 0 targets up -> active: 2 jobs, 0 of 0 targets up
                                                             manual-jobs:1 unit: response_ef6a914e-a3f0-5d03-b54c-ac02dd7bbf3e = {"reason": null, "success": true}
                                                             machine: ran promtool check config /etc/prometheus/prometheus-0/prometheus.yml.staged
                                                             machine: ran curl --disable --silent --fail http://127.0.0.1:9090/metrics
                                                             machine: reloaded prometheus-0-server.service
                                                             machine: ran curl --disable --silent --fail http://127.0.0.1:9090/metrics
                                                             machine: ran promtool query instant --format=json http://localhost:9090 up
      second/0 prometheus-relation-changed N ms   changed nothing

    $ juju run prometheus/0 list-jobs
      prometheus/0 list-jobs N ms   result: job-0.name = node
                                                             result: job-0.outcome = used
                                                             result: job-0.unit = exporter/0
                                                             result: job-1.name = node
                                                             result: job-1.outcome = used
                                                             result: job-1.unit = second/0
                                                             machine: ran promtool query instant --format=json http://localhost:9090 up

    $ juju run exporter/0 show-endpoint
      exporter/0 show-endpoint N ms   result: url = http://10.0.0.11:9200/metrics

    (five minutes later)
      exporter/0 update-status N ms   changed nothing
      prometheus/0 update-status N ms   machine: ran promtool query instant --format=json http://localhost:9090 up
      second/0 update-status N ms   changed nothing

    $ juju status
      Model  Controller  Cloud/Region       Version  SLA          Timestamp
      demo   simulator   simulated/nowhere  3.6.28   unsupported  00:05:00Z

      App         Version    Status  Scale  Charm               Channel  Rev  Exposed  Message
      exporter    0+scratch  active      1  example-exporter               0  no
      prometheus  2.42.0     active      1  example-prometheus             0  no       2 jobs, 0 of 0 targets up
      second      0+scratch  active      1  example-exporter               0  no

      Unit           Workload  Agent  Machine  Public address  Ports     Message
      exporter/0*    active    idle   0        10.0.0.11       9200/tcp
      prometheus/0*  active    idle   0        10.0.0.11       9090/tcp  2 jobs, 0 of 0 targets up
      second/0*      active    idle   0        10.0.0.11       9300/tcp

      Machine  State    Address    Inst id        Base          AZ  Message
      0        started  10.0.0.11  juju-b965f4-0  ubuntu@24.04      Running

    $ juju remove-application second
      prometheus/0 manual-jobs-relation-departed N ms   status: active: 2 jobs, 0 of 0 targets up -> active: 1 job, 0 of 0 targets up
                                                             manual-jobs:1 unit deleted: response_ef6a914e-a3f0-5d03-b54c-ac02dd7bbf3e
                                                             machine: ran promtool check config /etc/prometheus/prometheus-0/prometheus.yml.staged
                                                             machine: ran curl --disable --silent --fail http://127.0.0.1:9090/metrics
                                                             machine: reloaded prometheus-0-server.service
                                                             machine: ran curl --disable --silent --fail http://127.0.0.1:9090/metrics
                                                             machine: ran promtool query instant --format=json http://localhost:9090 up
      prometheus/0 manual-jobs-relation-broken N ms   machine: ran promtool query instant --format=json http://localhost:9090 up
      second/0 prometheus-relation-departed N ms   changed nothing
      second/0 prometheus-relation-broken N ms   changed nothing
      second/0 stop N ms   status: active -> maintenance
                                                             port closed: 9300/tcp
                                                             machine: stopped second-0-node-exporter.service
                                                             machine: disabled second-0-node-exporter.service
      second/0 remove N ms   status: maintenance -> terminated
                                                             machine: removed /etc/systemd/system/second-0-node-exporter.service
                                                             machine: reloaded unit files

    Deploy them to a real Juju with

      cargo charm pack --charm example-exporter --out . && juju deploy ./example-exporter_*.charm
      cargo charm pack --charm example-prometheus --out . && juju deploy ./example-prometheus_*.charm
    "#));
}
