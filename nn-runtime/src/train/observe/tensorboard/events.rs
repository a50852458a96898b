//! A file of events: TensorFlow's `TFRecord`s, each of which holds a message of Protocol Buffers, `Event`.
//!
//! ```text
//! record:  length (u64), checksum of the length (u32), message, checksum of the message (u32), all little-endian
//! Event       { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; SessionLog session_log = 7; }
//! Summary     { repeated Value value = 1; }
//! Value       { string tag = 1; float simple_value = 2; }
//! SessionLog  { SessionStatus status = 1; }      START = 1
//! ```
//!
//! Source: TensorFlow's `record_writer.cc`, `event.proto` and `summary.proto`. A checksum is CRC-32C, rotated by 15 bits and
//! shifted by a constant, since the CRC of data that hold their own CRC is not worth much.

use alloc::format;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, Ordering};
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process;

use crc::{CRC_32_ISCSI, Crc};

use super::super::LogError;

/// CRC-32C, under the name of its catalogue.
const CRC_32C: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);

/// The time between two flushes, in seconds: what TensorBoard shows is older by so much at most.
const FLUSH_EVERY: f64 = 1.0;

/// A file of events that is being written.
#[derive(Debug)]
pub(super) struct Events {
    path: PathBuf,
    file: BufWriter<File>,
    /// When the file was flushed.
    flushed: f64,
}

impl Events {
    /// Creates a file in this folder, and the folder. Times are seconds since 1970.
    ///
    /// TensorBoard reads the files of a folder in the order of their names, which begin with the time.
    pub(super) fn create(folder: &Path, time: f64) -> Result<Self, LogError> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        fs::create_dir_all(folder).map_err(LogError::of(folder))?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("events.out.tfevents.{:010.0}.nn.{}.{number}", time.floor(), process::id()));
        let file = File::create_new(&path).map_err(LogError::of(&path))?;
        let mut events = Self { path, file: BufWriter::new(file), flushed: time };
        events.write_event(&first_event(time))?;
        events.flush()?;
        Ok(events)
    }

    /// Says that what other files of the folder have from this step on is void.
    pub(super) fn write_start(&mut self, time: f64, step: u64) -> Result<(), LogError> {
        self.write_event(&event(time, step, 7, &[1 << 3, 1]))
    }

    /// Writes scalars, each with its tag.
    pub(super) fn write(&mut self, time: f64, step: u64, scalars: &[(impl AsRef<str>, f64)]) -> Result<(), LogError> {
        self.write_event(&event(time, step, 5, &summary(scalars)))?;
        // a clock may have been put back
        if (time - self.flushed).abs() >= FLUSH_EVERY {
            self.flushed = time;
            self.flush()?;
        }
        Ok(())
    }

    /// Hands everything to the system.
    pub(super) fn flush(&mut self) -> Result<(), LogError> {
        self.file.flush().map_err(LogError::of(&self.path))
    }

    fn write_event(&mut self, event: &[u8]) -> Result<(), LogError> {
        self.file.write_all(&record(event)).map_err(LogError::of(&self.path))
    }
}

/// The event with which a file begins.
fn first_event(time: f64) -> Vec<u8> {
    let mut event = Vec::new();
    add_fixed(&mut event, 1, time.to_le_bytes());
    add_bytes(&mut event, 3, b"brain.Event:2");
    event
}

/// An event of a step, with a message in one of its fields.
fn event(time: f64, step: u64, field: u64, message: &[u8]) -> Vec<u8> {
    let mut event = Vec::new();
    add_fixed(&mut event, 1, time.to_le_bytes());
    add_key(&mut event, 2, 0);
    add_varint(&mut event, step);
    add_bytes(&mut event, field, message);
    event
}

fn summary(scalars: &[(impl AsRef<str>, f64)]) -> Vec<u8> {
    let mut summary = Vec::new();
    for (tag, value) in scalars {
        let mut scalar = Vec::new();
        add_bytes(&mut scalar, 1, tag.as_ref().as_bytes());
        add_fixed(&mut scalar, 2, (*value as f32).to_le_bytes());
        add_bytes(&mut summary, 1, &scalar);
    }
    summary
}

/// A message with its length and the checksums of both.
fn record(message: &[u8]) -> Vec<u8> {
    let length = (message.len() as u64).to_le_bytes();
    let mut record = Vec::with_capacity(message.len() + 16);
    for part in [&length, message] {
        record.extend_from_slice(part);
        record.extend(checksum(part).to_le_bytes());
    }
    record
}

fn checksum(bytes: &[u8]) -> u32 {
    CRC_32C.checksum(bytes).rotate_right(15).wrapping_add(0xa282_ead8)
}

/// Adds the key of a field: its number, and how its value is written.
fn add_key(message: &mut Vec<u8>, field: u64, wire_type: u64) {
    add_varint(message, field << 3 | wire_type);
}

/// Adds an integer, seven bits a byte, the lowest first.
fn add_varint(message: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        message.push(value as u8 | 0x80);
        value >>= 7;
    }
    message.push(value as u8);
}

/// Adds a field of 4 or 8 bytes.
fn add_fixed<const BYTES: usize>(message: &mut Vec<u8>, field: u64, value: [u8; BYTES]) {
    add_key(message, field, if BYTES == 8 { 1 } else { 5 });
    message.extend(value);
}

/// Adds a field that is a string or a message.
fn add_bytes(message: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    add_key(message, field, 2);
    add_varint(message, bytes.len() as u64);
    message.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value of the catalogue, and one of RFC 3720, B.4: 32 bytes of zeros.
    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(CRC_32C.checksum(b"123456789"), 0xe306_9283);
        assert_eq!(CRC_32C.checksum(&[0; 32]), 0x8a91_36aa);
    }

    #[test]
    fn integers_have_seven_bits_a_byte() {
        for (value, bytes) in [
            (0, &[0][..]),
            (127, &[127]),
            (300, &[0xac, 2]),
            (u64::MAX, &[255, 255, 255, 255, 255, 255, 255, 255, 255, 1]),
        ] {
            let mut message = Vec::new();
            add_varint(&mut message, value);
            assert_eq!(message, bytes);
        }
    }
}
