//! Weights in and out of a network, as PyTorch has them: files of [safetensors](https://huggingface.co/docs/safetensors).
//!
//! Names, shapes and order of the values are those of PyTorch's `state_dict`, so its files are read as they are, and it reads ours:
//! `model.load_state_dict(safetensors.torch.load_file("net.safetensors"))`. Frozen parameters and running statistics are included.
//!
//! Every network has the methods:
//!
//! ```
//! use nn_runtime::prelude::*;
//!
//! network! { struct Net: [4] -> [3] { fc1: linear(8), relu, fc2: linear(3) } }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = std::env::temp_dir().join(format!("nn-weights-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let path = folder.join("net.safetensors");
//! let net = Net::new(&mut rng(1));
//! net.save(&path)?;
//! let same = Net::load(&path)?;
//! assert_eq!(same, net);
//!
//! // a large network, in place
//! let mut boxed = Net::boxed(&mut rng(2));
//! let report = boxed.load_in(&path)?;
//! assert_eq!(report.taken, ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"]);
//!
//! // without files
//! assert_eq!(Net::from_bytes(&net.to_bytes())?, net);
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok(())
//! # }
//! ```
//!
//! A network with frozen stages has its frozen parameters beside it: `net.with_frozen(&frozen).save(path)`,
//! `let (net, frozen) = Net::load(path)?`, `net.with_both_mut(&mut frozen).load_in(path)`.
//!
//! [`Load`] renames tensors and loads parts of a network.
//!
//! A file says which network wrote it, stage by stage, under the key `network` of its header. It is refused by a network with other
//! layers, options or shapes, even where all tensors have the same shapes. A file of PyTorch's says nothing, and is compared by
//! names and shapes. `f16`, `bf16`, `f32` and `f64` are converted; a value that is not finite is an error. On an error the
//! network is unchanged. No input causes a panic.

mod bytes;
mod convert;
mod error;
pub(crate) mod file;
mod frozen;
mod load;
mod report;
#[cfg(feature = "std")]
mod save;
pub(crate) mod spec;
mod suggest;

pub use bytes::to_bytes;
#[cfg(feature = "std")]
pub(crate) use error::write_differences;
pub use error::{LeftOver, LoadError, Missing, OtherShape};
pub use load::Load;
pub use report::{Converted, Report};
#[cfg(feature = "std")]
pub(crate) use save::save_parts;
#[cfg(feature = "std")]
pub use save::{SaveError, save};
pub use spec::Difference;
