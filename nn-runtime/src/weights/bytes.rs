//! From a network into bytes.

use alloc::format;
use alloc::string::ToString as _;
use alloc::vec::Vec;

use serde_json::Value;

use super::file::METADATA;
use super::spec::{self, Spec};
use crate::network::tensors::views;
use crate::network::{Parameters, Parts, flat};
use crate::scalar::{Element as _, Scalar as _};

/// The bytes of a safetensors file with all parameters and running statistics of a network, frozen ones included: the method
/// `to_bytes`, for any network. The same network gives the same bytes.
///
/// Values that are not finite are written as they are, and refused when they are loaded.
#[must_use]
pub fn to_bytes<P: Parameters>(network: &impl Parts<P>) -> Vec<u8> {
    let (network, frozen) = network.parts();
    parts_to_bytes(network, frozen)
}

/// [`to_bytes`] of a network and its frozen parameters.
pub(crate) fn parts_to_bytes<P: Parameters>(network: &P, frozen: &P::Frozen) -> Vec<u8> {
    let named = views::<P::Scalar>(P::LAYERS, network.as_slice(), flat(frozen));
    let named = named.map(|tensor| (tensor.info().name().to_string(), tensor));
    let mut tensors: Vec<_> = named.collect();
    // the order of the format's own writer, for tensors of one type
    tensors.sort_by(|(left, _), (right, _)| left.cmp(right));
    let width = size_of::<P::Scalar>();
    let spec = Spec::of::<P>();
    let named = tensors.iter().map(|(name, tensor)| (&**name, tensor.info().shape(), tensor.info().len() * width));
    let (mut bytes, len) = header(spec, &P::Scalar::DTYPE.to_string().to_uppercase(), named);
    bytes.reserve_exact(len);
    for value in tensors.iter().flat_map(|(_, tensor)| tensor.values()) {
        if width == 4 {
            bytes.extend((value.to_f64() as f32).to_le_bytes());
        } else {
            bytes.extend(value.to_f64().to_le_bytes());
        }
    }
    bytes
}

/// What comes before the values, and how many bytes these take. Of each tensor: its name, its shape, its bytes.
fn header<'t>(
    spec: Spec,
    dtype: &str,
    tensors: impl Iterator<Item = (&'t str, &'t [usize], usize)>,
) -> (Vec<u8>, usize) {
    let quoted = |text: &str| Value::from(text).to_string();
    let (key, spec) = (quoted(spec::KEY), quoted(&spec.to_string()));
    let mut entries = alloc::vec![format!(r#""{METADATA}":{{"format":"pt",{key}:{spec}}}"#)];
    let mut start = 0;
    for (name, shape, len) in tensors {
        let (name, shape, end) = (quoted(name), Value::from(shape), start + len);
        entries.push(format!(r#"{name}:{{"dtype":"{dtype}","shape":{shape},"data_offsets":[{start},{end}]}}"#));
        start = end;
    }
    let text = format!("{{{}}}", entries.join(","));
    // the values begin at a multiple of 8
    let padded = text.len().next_multiple_of(8);
    let mut bytes = (padded as u64).to_le_bytes().to_vec();
    bytes.extend(text.bytes());
    bytes.resize(8 + padded, b' ');
    (bytes, start)
}
