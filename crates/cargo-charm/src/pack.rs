//! Makes a `.charm` of a charm.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use juju_types::{Architecture, Charm};
use sha2::{Digest, Sha256};

use crate::{
    BuildError, CharmCrate, PackError, PackOptions, Package, Packed, PackedFile, Step,
    archive::{self, ArchiveFile},
    build::Build,
    self_check::self_check,
    toolchain::Toolchain,
    version::version,
};

/// Builds a charm and packs it as `NAME_ARCHITECTURE.charm`.
///
/// The same commit gives the same bytes, from whatever folder it is built. A
/// package that is there already with these bytes is left alone.
///
/// A program that was built with `reactive-endpoints` is started once, as
/// `PROGRAM check-charm FOLDER` and without any variable, if it is for this
/// machine's architecture: it compares its handlers with the charm's YAML.
///
/// ```no_run
/// use std::path::Path;
///
/// use cargo_charm::{PackOptions, Workspace, pack};
///
/// let workspace = Workspace::load(Path::new("Cargo.toml"))?;
/// let packed = pack(workspace.charm("example-exporter")?, &PackOptions::new())?;
/// println!("{}: {} bytes", packed.path.display(), packed.size_zipped);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Returns [`PackError::Faults`] if the charm's files have faults,
/// [`PackError::Architecture`] if the charm is not meant for the architecture,
/// [`PackError::Build`] if its program was not built, [`PackError::Unfit`] or
/// [`PackError::SelfCheck`] if it was, and does not fit the YAML or cannot say,
/// [`PackError::Read`] or [`PackError::Write`] if a file cannot be read or
/// written, and [`PackError::Package`] if Juju would refuse the result.
pub fn pack(charm: &CharmCrate, options: &PackOptions) -> Result<Packed, PackError> {
    pack_with(charm, options, &mut |_| {})
}

/// Does what [`pack()`] does, and tells what it is doing.
///
/// # Errors
///
/// As for [`pack()`].
pub fn pack_with(
    charm: &CharmCrate,
    options: &PackOptions,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Packed, PackError> {
    let report = charm.check();
    let (Some(definition), Ok(program), []) = (report.charm(), charm.program(), &*report.faults)
    else {
        return Err(PackError::Faults { charm: charm.name().to_owned(), report: Box::new(report) });
    };
    let toolchain =
        Toolchain::load(charm.cargo(), charm.workspace_root()).map_err(BuildError::Program)?;
    let architecture = toolchain.architecture(options.target.as_ref())?;

    let version = version(charm);
    let mut files = text_files(charm, definition, architecture, &version)?;
    // Only now: nobody is to install a target for a charm that is not meant for it.
    let triple = toolchain.target(options.target.as_ref())?;
    progress(Step::Building { charm: definition.name().as_str(), triple: &triple });
    let build = Build { charm, program, toolchain: &toolchain, triple: &triple };
    let (path, bytes) = build.run(progress)?;
    // A program for another architecture does not run here.
    let is_checked = !toolchain.is_foreign(&triple) && self_check(charm, &path, &bytes)?;
    files.push(file("dispatch", 0o755, bytes));
    files.sort_by(|a, b| a.name.cmp(&b.name));

    let file_name = format!("{}_{architecture}.charm", definition.name());
    progress(Step::Zipping { file: &file_name });
    let default_out = || charm.target_directory().join("charms");
    let path = options.out.clone().unwrap_or_else(default_out).join(file_name);
    let write_error = |source| PackError::Write { path: path.clone(), source };
    let bytes = archive::zip(&files).map_err(write_error)?;
    Package::from_bytes(&bytes).map_err(write_error)?.check().map_err(PackError::Package)?;
    let is_new = write_if_different(&path, &bytes).map_err(write_error)?;

    let files: Vec<PackedFile> = files.into_iter().map(PackedFile::from).collect();
    Ok(Packed {
        architecture,
        is_checked,
        is_new,
        sha256: sha256(&bytes),
        size_raw: files.iter().map(|file| file.size).sum(),
        size_zipped: bytes.len() as u64,
        version,
        warnings: report.warnings,
        files,
        path,
        triple,
    })
}

/// Collects everything but the program.
fn text_files(
    charm: &CharmCrate,
    definition: &Charm,
    architecture: Architecture,
    version: &str,
) -> Result<Vec<ArchiveFile>, PackError> {
    let yaml = definition.packed_files(&[architecture])?;
    let mut files: Vec<ArchiveFile> =
        yaml.iter().map(|(name, text)| file(name, 0o644, text.into())).collect();
    files.push(file("version", 0o644, format!("{version}\n").into()));
    let others = ["README.md", "icon.svg"].map(|name| (name.to_owned(), charm.folder().join(name)));
    for (name, path) in charm.licences().into_iter().chain(others) {
        match fs::read(&path) {
            Ok(contents) => files.push(file(&name, 0o644, contents)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(PackError::Read { path, source }),
        }
    }
    Ok(files)
}

fn file(name: &str, mode: u32, contents: Vec<u8>) -> ArchiveFile {
    ArchiveFile { name: name.to_owned(), mode, contents }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes all");
        text
    })
}

/// Tells whether the file was written. Nobody ever sees half of it.
fn write_if_different(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    if fs::read(path).is_ok_and(|present| present == bytes) {
        return Ok(false);
    }
    let folder = path.parent().expect("the package lies in a folder");
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(0o644))
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(true)
}
