//! A file of any size is imported in the same memory.

// The tests' own helpers stop the test too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]
#![cfg(target_os = "linux")]

#[allow(dead_code)]
mod support;

use std::env;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use support::{Place, options, written};

const CHILD: &str = "DESK_DATASETS_IMPORT";
/// Bytes of the large source; an unoptimised build hashes too slowly for more.
const LARGE: u64 = if cfg!(debug_assertions) { 20_000_000 } else { 200_000_000 };
const SMALL: u64 = 2_000_000;
/// More than the allocator's own coming and going, a small part of the large file.
const SLACK_KB: u64 = 1_500;

#[test]
fn a_large_file_takes_no_more_memory_than_a_small_one() {
    let (small_kb, large_kb) = (peak_of_import(SMALL), peak_of_import(LARGE));
    eprintln!("peak memory: {small_kb} kB for {SMALL} bytes, {large_kb} kB for {LARGE} bytes");
    assert!(large_kb < small_kb + SLACK_KB, "{small_kb} kB grew to {large_kb} kB");
}

/// Imports in a process of its own; its peak resident memory, kB.
fn peak_of_import(bytes: u64) -> u64 {
    let place = Place::new();
    let source = place.0.join("large.csv");
    generate(&source, bytes);
    let child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "imports_what_its_parent_names", "--nocapture", "--ignored"])
        .env(CHILD, &place.0)
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
    fs::read_to_string(place.0.join("peak")).unwrap().parse().unwrap()
}

#[test]
#[ignore = "the other test starts it as a process of its own"]
fn imports_what_its_parent_names() {
    let folder = PathBuf::from(env::var_os(CHILD).expect("the parent names the folder"));
    let header = written(&folder.join("large.csv"), &folder.join("large.bars"), &options(None, &[]));
    assert!(header.bars > 10_000);
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    fs::write(folder.join("peak"), line.trim().trim_end_matches(" kB")).unwrap();
}

/// Minute bars, every thousandth missing, so that the report has something to count.
fn generate(path: &Path, bytes: u64) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    file.write_all(b"date,open,high,low,close,volume\n").unwrap();
    let (mut written, mut index) = (0, 0_u64);
    while written < bytes {
        index += if index % 1_000 == 999 { 2 } else { 1 };
        let price = 100 + index % 50;
        let line = format!(
            "{},{price}.25,{price}.75,{price}.10,{price}.50,{}\n",
            946_684_800 + index * 60,
            index % 9_999
        );
        written += line.len() as u64;
        file.write_all(line.as_bytes()).unwrap();
    }
    file.flush().unwrap();
}
