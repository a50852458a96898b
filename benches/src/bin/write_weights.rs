//! Writes the files that `weights_1mb` and `weights_50mb` are compiled with, into `target/benches`: so many linear layers of one
//! width, then one of ten outputs.

use std::error::Error;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    write("weights_1mb", 512, 1)?;
    write("weights_50mb", 2048, 3)
}

fn write(name: &str, width: usize, layers: usize) -> Result<(), Box<dyn Error>> {
    let last = [("out".to_owned(), 10)];
    let stages = (1..=layers).map(|number| (format!("fc{number}"), width)).chain(last);
    let (mut header, mut len) = (String::new(), 0);
    for (stage, outputs) in stages {
        for (tensor, shape, values) in
            [("weight", format!("[{outputs},{width}]"), outputs * width), ("bias", format!("[{outputs}]"), outputs)]
        {
            let separator = if header.is_empty() { '{' } else { ',' };
            let (start, end) = (4 * len, 4 * (len + values));
            write!(
                header,
                "{separator}\"{stage}.{tensor}\":{{\"dtype\":\"F32\",\"shape\":{shape},\"data_offsets\":[{start},{end}]}}"
            )?;
            len += values;
        }
    }
    header.push('}');
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/benches");
    let mut file = BufWriter::new(File::create(folder.join(name).with_extension("safetensors"))?);
    file.write_all(&(header.len() as u64).to_le_bytes())?;
    file.write_all(header.as_bytes())?;
    for value in 0..len {
        // no two the same, as in what is trained
        file.write_all(&((value as f32).sin()).to_le_bytes())?;
    }
    Ok(())
}
