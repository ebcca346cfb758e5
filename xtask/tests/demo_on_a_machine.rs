//! What a newcomer sees who is root: `cargo xtask demo` on a real machine.

use std::process::Command;

#[test]
fn the_demo_shows_what_prometheus_scrapes_after_each_change() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("demo").output().unwrap();
    let [said, errors] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
    assert!(output.status.success(), "{said}{errors}");
    assert!(!said.contains("Left out"), "{said}");

    let is_shown = |line: &&str| line.starts_with("$ ") || line.contains(" scraped in ");
    let shown = said.lines().filter(is_shown).map(|line| format!("{line}\n"));
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"_(amd64|arm64|ppc64el|riscv64|s390x)\.charm", "_ARCH.charm");
    settings.add_filter(r"\S+/charms/", "target/charms/");
    settings.add_filter(r"\d+\.\d ms", "N ms");
    settings.bind(|| insta::assert_snapshot!(shown.collect::<String>(), @r#"
    $ cargo charm pack --charm example-exporter
    $ cargo charm pack --charm example-prometheus
    $ juju add-machine --base ubuntu@24.04
    $ juju deploy target/charms/example-exporter_ARCH.charm exporter --to 0
    $ juju deploy target/charms/example-prometheus_ARCH.charm prometheus --config scrape-interval=1s --to 0
    $ juju integrate exporter:prometheus prometheus:manual-jobs
      exporter-0-node      http://10.0.0.11:9100/metrics    up    scraped in N ms
    $ juju config exporter port=9200 collectors="systemd, -wifi"
      exporter-0-node      http://10.0.0.11:9200/metrics    up    scraped in N ms
    $ juju config exporter port=99999
    $ juju config exporter port=9200
    $ juju deploy target/charms/example-exporter_ARCH.charm second --config port=9300 --to 0
    $ juju integrate second:prometheus prometheus:manual-jobs
      exporter-0-node      http://10.0.0.11:9200/metrics    up    scraped in N ms
      second-0-node        http://10.0.0.11:9300/metrics    up    scraped in N ms
    $ juju run prometheus/0 list-jobs
    $ juju run exporter/0 show-endpoint
    $ systemctl kill --signal=KILL exporter-0-node-exporter
      exporter-0-node      http://10.0.0.11:9200/metrics    up    scraped in N ms
      second-0-node        http://10.0.0.11:9300/metrics    up    scraped in N ms
    $ juju status
    $ juju remove-application second
      exporter-0-node      http://10.0.0.11:9200/metrics    up    scraped in N ms
    "#));
}
