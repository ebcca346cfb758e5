//! The zip file that Juju reads, with the same bytes each time.

use std::io::{self, Cursor, Write};

use zip::{CompressionMethod, DateTime, System, ZipWriter, write::SimpleFileOptions};

const TYPE_REGULAR: u32 = 0o100_000;

/// A file on its way into the package.
#[derive(Clone, Debug)]
pub(crate) struct ArchiveFile {
    pub(crate) name: String,
    /// The permission bits.
    pub(crate) mode: u32,
    pub(crate) contents: Vec<u8>,
}

/// Zips files, which are in order already.
///
/// Nothing of this machine goes in: no time, no owner, no extra field.
pub(crate) fn zip(files: &[ArchiveFile]) -> io::Result<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(9))
            .last_modified_time(DateTime::default())
            .system(System::Unix)
            .external_attributes((TYPE_REGULAR | file.mode) << 16);
        writer.start_file(&*file.name, options)?;
        writer.write_all(&file.contents)?;
    }
    Ok(writer.finish()?.into_inner())
}
