//! What a newcomer sees who is root: `cargo xtask demo` on a real machine.

use std::process::Command;

#[test]
fn the_demo_ends_with_what_prometheus_scrapes() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("demo").output().unwrap();
    let [said, errors] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
    assert!(output.status.success(), "{said}{errors}");
    assert!(!said.contains("Left out"), "{said}");

    let (_, end) = said.split_once("(in the end, as Prometheus sees it)").unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d+\.\d ms", "N ms");
    settings.bind(|| insta::assert_snapshot!(end.trim(), @"
    $ curl http://localhost:9090/api/v1/targets
      exporter-0-node      http://10.0.0.11:9200/metrics    up    scraped in N ms

    Deploy them to a real Juju with

      cargo charm pack --charm example-exporter --out . && juju deploy ./example-exporter_*.charm
      cargo charm pack --charm example-prometheus --out . && juju deploy ./example-prometheus_*.charm
    "));
}
