use std::fs;
use std::io;
use std::path::PathBuf;

use super::{Arguments, Call, Failure, Output};
use crate::agent::HookContext;
use crate::go;
use crate::model::Resource;

/// Runs `resource-get`: it prints a path without a newline.
pub(super) fn run(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = Arguments::parse(call.args, &[])?;
    let name = arguments.positional().first();
    let name = name.ok_or_else(|| Failure::usage("missing required resource name"))?;
    arguments.at_most(1)?;
    let cannot = |reason: String| Failure::failed(format!("could not download resource: {reason}"));
    let resource = context.application().resources.get(name.as_str());
    let resource =
        resource.ok_or_else(|| cannot(format!("resource {} not found", go::quote(name))))?;
    let path = write(context, name, resource).map_err(|error| cannot(error.to_string()))?;
    Ok(Output { stdout: path.display().to_string().into_bytes(), ..Output::none() })
}

/// Downloads a resource to where the agent keeps it.
fn write(context: &HookContext<'_>, name: &str, resource: &Resource) -> io::Result<PathBuf> {
    let folder = &context.resources_dir;
    // The agent of 3.6.28 was seen to keep images beside the folders of files.
    let path = match &resource.file_name {
        Some(file_name) => folder.join(name).join(file_name),
        None => folder.join("content.yaml"),
    };
    fs::create_dir_all(path.parent().unwrap_or(folder))?;
    fs::write(&path, &resource.content)?;
    Ok(path)
}
