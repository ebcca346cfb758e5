//! Charms that Juju does not take, and how it unpacks those that it takes.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use juju_simulator::CharmError;
use juju_simulator::{DeployError, Simulator};
use juju_types::JujuVersion;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::charm::{TestCharm, builder, last, workload};

const METADATA: &str = "name: exporter\nsummary: s\ndescription: d\n";

/// Writes a `.charm` from names, contents and modes.
fn zip(entries: &[(&str, &str, Option<u32>)]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("exporter.charm");
    let mut zip = ZipWriter::new(File::create(&path).unwrap());
    for (name, content, mode) in entries {
        let options = SimpleFileOptions::default();
        let options = mode.map_or(options, |mode| options.unix_permissions(mode));
        if let Some(target) = content.strip_prefix("-> ") {
            zip.add_symlink(*name, target, options).unwrap();
        } else {
            zip.start_file(*name, options).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
    }
    zip.finish().unwrap();
    (folder, path)
}

fn deploy(path: &Path) -> Result<Simulator, String> {
    let mut juju = builder().build();
    match juju.deploy(path, "exporter") {
        Ok(_) => {
            juju.run_until_idle().unwrap();
            Ok(juju)
        }
        Err(error) => {
            Err(error.to_string().replace(path.parent().unwrap().to_str().unwrap(), "FOLDER"))
        }
    }
}

fn refusal(path: &Path) -> String {
    deploy(path).unwrap_err()
}

#[test]
fn a_charm_file_is_unpacked_with_its_modes_and_links() {
    let (_folder, path) = zip(&[
        ("metadata.yaml", METADATA, Some(0o644)),
        ("dispatch", "#!/bin/sh\nstatus-set active \"$(cat lib/link)\"\n", Some(0o755)),
        ("lib/data", "from a link", Some(0o666)),
        ("lib/link", "-> data", None),
        ("../../outside", "", Some(0o644)),
        ("/absolute", "", Some(0o644)),
    ]);
    let juju = deploy(&path).unwrap();
    assert_eq!(workload(&juju, "exporter/0"), "active: from a link");
    let folder = juju.charm_dir("exporter/0").unwrap();
    let mode = |name: &str| fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("dispatch"), mode("lib/data")), (0o755, 0o644));
    assert!(folder.join("outside").exists() && folder.join("absolute").exists());
}

#[test]
fn a_zip_without_modes_makes_a_dispatch_that_cannot_be_run() {
    let (_folder, path) =
        zip(&[("metadata.yaml", METADATA, None), ("dispatch", "#!/bin/sh\n", Some(0o644))]);
    let juju = deploy(&path).unwrap();
    assert_eq!(workload(&juju, "exporter/0"), r#"error: hook failed: "install""#);
    assert!(last(&juju).exit.to_string().contains("permission denied"));
}

#[test]
fn a_charm_needs_metadata_and_something_to_run() {
    let (_folder, path) = zip(&[("dispatch", "", Some(0o755))]);
    insta::assert_snapshot!(refusal(&path), @r#""FOLDER/exporter.charm" has no file metadata.yaml: a charm is deployed as it was packed, not from its source"#);
    let (_folder, path) =
        zip(&[("metadata.yaml", METADATA, Some(0o644)), ("src/main.rs", "", None)]);
    insta::assert_snapshot!(refusal(&path), @r#"invalid charm "exporter": has no hooks nor dispatch file"#);
    // This is all the client of Juju looks at.
    let (_folder, path) =
        zip(&[("metadata.yaml", METADATA, None), ("lib/dispatcher.py", "", None)]);
    assert!(deploy(&path).is_ok());
}

#[test]
fn what_is_no_charm_is_refused() {
    insta::assert_snapshot!(refusal(Path::new("/nonexistent/x.charm")), @r#"invalid charm or bundle provided at "FOLDER/x.charm""#);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.charm");
    fs::write(&path, "no zip").unwrap();
    insta::assert_snapshot!(refusal(&path), @r#"invalid charm or bundle provided at "FOLDER/x.charm""#);
}

#[test]
fn faults_in_the_yaml_are_named_with_their_place() {
    let charm = TestCharm::new("exit 0")
        .file("metadata.yaml", "name: Exporter\nsummary: s\ndescription: d\n");
    let mut juju = builder().build();
    let Err(DeployError::Charm(CharmError::Faults(faults))) = juju.deploy(charm.path(), "exporter")
    else {
        panic!("the name is not valid");
    };
    assert!(faults.to_string().starts_with("metadata.yaml:1:"), "{faults}");
    let charm = TestCharm::new("exit 0");
    fs::write(charm.path().join("config.yaml"), b"\xff\xfe").unwrap();
    insta::assert_snapshot!(refusal(charm.path()), @"the file config.yaml of the charm is not UTF-8");
}

#[test]
fn juju_4_wants_to_know_the_bases() {
    let charm = TestCharm::new("exit 0");
    fs::remove_file(charm.path().join("manifest.yaml")).unwrap();
    assert!(deploy(charm.path()).is_ok());
    let mut juju = builder().juju_version(JujuVersion::new(4, 0, 15)).build();
    insta::assert_snapshot!(
        juju.deploy(charm.path(), "exporter").unwrap_err(),
        @"charm metadata without bases in manifest not valid"
    );
}

#[test]
fn links_stay_inside_of_the_charm() {
    let with_link = |target: &str| {
        let charm = TestCharm::new("exit 0").file("lib/data", "");
        symlink(target, charm.path().join("lib/link")).unwrap();
        charm
    };
    assert!(deploy(with_link("../lib/data").path()).is_ok());
    insta::assert_snapshot!(refusal(with_link("/etc/passwd").path()), @r#"symlink "lib/link" is absolute"#);
    insta::assert_snapshot!(refusal(with_link("../../x").path()), @r#"symlink "lib/link" leads out of scope"#);
}

#[test]
fn only_files_folders_and_links_are_charms() {
    let charm = TestCharm::new("exit 0");
    let _socket = std::os::unix::net::UnixListener::bind(charm.path().join("socket")).unwrap();
    insta::assert_snapshot!(refusal(charm.path()), @r#""socket": unknown file type"#);
}
