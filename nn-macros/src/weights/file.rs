//! A file of weights: found, told from files of other formats, and taken apart.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::{env, fs};

use proc_macro2::Span;
use safetensors::tensor::TensorView;
use safetensors::{SafeTensorError, SafeTensors};
use syn::LitStr;

use crate::diagnostic::{Diagnostic, nearest};

/// The tensors of a file.
pub struct File<'a> {
    /// Its path as it is written.
    pub path: String,
    pub span: Span,
    tensors: HashMap<String, TensorView<'a>>,
    /// The description of the network that wrote it, if one did.
    pub network: Option<String>,
}

/// The absolute path, and the bytes.
pub fn read(written: &LitStr) -> Result<(String, Vec<u8>), Diagnostic> {
    let path = absolute(&written.value());
    let error = |message: String| Diagnostic::new(written.span(), message);
    let shown = written.value();
    let Some(text) = path.to_str() else {
        let error = error(format!("the path of `{shown}` is not valid Unicode"));
        return Err(error.help("move the crate to a folder whose path is"));
    };
    let tried = format!("the path is `{text}`");
    if path.is_dir() {
        let error = error(format!("`{shown}` is a folder, not a file")).note(tried);
        return Err(error.help("add the file's name: `network.safetensors`"));
    }
    match fs::read(&path) {
        Ok(bytes) => Ok((text.to_owned(), bytes)),
        Err(cause) if cause.kind() == ErrorKind::NotFound => {
            let error = error(format!("there is no file `{shown}`"));
            let error = error.note(format!("{tried}: paths begin at the folder of the crate's `Cargo.toml`"));
            Err(error.help(similar(&path).unwrap_or_else(|| {
                "write it from Rust with `network.save(path)`, or from PyTorch with \
                 `safetensors.torch.save_file(model.state_dict(), path)`"
                    .to_owned()
            })))
        }
        Err(cause) => {
            let error = error(format!("`{shown}` cannot be read: {cause}")).note(tried);
            Err(error.help("let the user that compiles the crate read it"))
        }
    }
}

/// Relative paths begin at the folder of the crate's `Cargo.toml`.
fn absolute(path: &str) -> PathBuf {
    let root = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).or_else(|| env::current_dir().ok());
    root.unwrap_or_default().join(path)
}

/// A file of a similar name in the same folder.
fn similar(path: &Path) -> Option<String> {
    let names = fs::read_dir(path.parent()?).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<_> = names.filter(|name| name.ends_with(".safetensors")).collect();
    names.sort();
    let found = nearest(path.file_name()?.to_str()?, names.iter().map(String::as_str))?;
    Some(format!("a file with a similar name is beside it: `{found}`"))
}

impl<'a> File<'a> {
    pub fn parse(written: &LitStr, bytes: &'a [u8]) -> Result<Self, Diagnostic> {
        let (path, span) = (written.value(), written.span());
        if let Some((format, help)) = other_format(&path, bytes) {
            let error = Diagnostic::new(span, format!("`{path}` is {format}, not a safetensors file"));
            return Err(error.help(help));
        }
        let damaged = |cause: &str| {
            let error = Diagnostic::new(span, format!("`{path}` is not a safetensors file, or is damaged: {cause}"));
            error.help("write it again, or copy it again from where it is whole")
        };
        // the sum of a hostile file's sizes can overflow in `deserialize`, which panics where overflow is checked
        let parsed = catch_unwind(|| {
            let (_, metadata) = SafeTensors::read_metadata(bytes)?;
            Ok((SafeTensors::deserialize(bytes)?, metadata))
        });
        let (parsed, metadata) = match parsed {
            Ok(Ok(parsed)) => parsed,
            Ok(Err(cause)) => return Err(damaged(&describe(&cause))),
            Err(_) => return Err(damaged("its sizes are larger than any file")),
        };
        let is_counter = |name: &str| name == "num_batches_tracked" || name.ends_with(".num_batches_tracked");
        let tensors = parsed.tensors().into_iter().filter(|(name, _)| !is_counter(name)).collect();
        let network = metadata.metadata().as_ref().and_then(|metadata| metadata.get("network"));
        // other programs may mean something else by the key
        let network = network.filter(|text| text.starts_with('[')).cloned();
        Ok(Self { path, span, tensors, network })
    }

    pub fn tensor(&self, name: &str) -> Option<&TensorView<'a>> {
        self.tensors.get(name)
    }

    /// Whether it has tensors of a stage of this name, or below it.
    pub fn has_tensors_of(&self, stage: &str) -> bool {
        let is_below = |name: &String| name.strip_prefix(stage).is_some_and(|rest| rest.starts_with('.'));
        self.tensors.keys().any(is_below)
    }

    /// The names of all tensors, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.tensors.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }
}

/// What is wrong with the bytes of a file.
fn describe(cause: &SafeTensorError) -> String {
    match cause {
        SafeTensorError::HeaderTooSmall => "it is too short to have a header".to_owned(),
        SafeTensorError::HeaderTooLarge | SafeTensorError::InvalidHeaderLength => {
            "the length of its header is wrong".to_owned()
        }
        SafeTensorError::InvalidHeader(_) => "its header is not text".to_owned(),
        SafeTensorError::MetadataIncompleteBuffer => {
            "its values have more or fewer bytes than its header says".to_owned()
        }
        SafeTensorError::InvalidOffset(name) => format!("`{name}` does not begin where the tensor before it ends"),
        SafeTensorError::TensorInvalidInfo => "a tensor has more or fewer bytes than its shape needs".to_owned(),
        cause => cause.to_string(),
    }
}

/// What the file is if it is of a known other format, and how to convert it.
fn other_format(path: &str, bytes: &[u8]) -> Option<(&'static str, String)> {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let converted = Path::new(path).with_extension("safetensors");
    let converted = converted.to_string_lossy();
    let with_python = |code: String| format!("convert it in Python: `{code}`");
    let from_torch = || {
        with_python(format!("safetensors.torch.save_file(torch.load(\"{path}\", weights_only=True), \"{converted}\")"))
    };
    let with_names = || {
        "write its parameters from Python with `safetensors.numpy.save_file(tensors, path)`, named as in PyTorch's \
         `state_dict`"
            .to_owned()
    };
    let is_numpy =
        || extension == "npz" || bytes.windows(5).take(64).any(|window| window == b".npy\0" || window == b".npyP");
    Some(match bytes {
        [] => ("empty", "write it again, or copy it again from where it is whole".to_owned()),
        [b'P', b'K', 3, 4, ..] if is_numpy() => (
            "an archive of NumPy",
            with_python(format!("safetensors.numpy.save_file(dict(numpy.load(\"{path}\")), \"{converted}\")")),
        ),
        [b'P', b'K', 3, 4, ..] => ("a checkpoint of PyTorch", from_torch()),
        [0x80, 2..=5, ..] if !is_length(bytes) => {
            ("a pickle of Python, as old checkpoints of PyTorch are", from_torch())
        }
        [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => ("an array of NumPy", with_names()),
        [0x89, b'H', b'D', b'F', ..] => ("an HDF5 file, as Keras writes it", with_names()),
        [b'G', b'G', b'U', b'F', ..] => ("a GGUF file", with_names()),
        [_, _, _, _, b'T', b'F', b'L', b'3', ..] => ("a TensorFlow Lite model", with_names()),
        _ if bytes.starts_with(b"version https://git-lfs") => {
            ("a pointer of Git LFS", "fetch the file itself: `git lfs pull`".to_owned())
        }
        [8, ..] if extension == "onnx" => ("an ONNX model", with_names()),
        _ => return None,
    })
}

/// Whether the first eight bytes can be the length of a header, as a safetensors file begins.
fn is_length(bytes: &[u8]) -> bool {
    bytes.get(8) == Some(&b'{')
}
