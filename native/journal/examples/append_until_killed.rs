//! Appends from several threads for ever and prints each acknowledged event as `<number> <payload>`.
//! The crash test kills it at a random moment and checks that everything printed is in the journal.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::{env, io, process, thread};

use desk_journal::Journal;

fn main() {
    let path = env::args_os()
        .nth(1)
        .map(PathBuf::from)
        .unwrap_or_else(|| fail("usage: append_until_killed <journal>"));
    let journal = Arc::new(Journal::open(&path).unwrap_or_else(|error| fail(&error.to_string())));
    let first = journal.last_seq();
    let workers: Vec<_> = (0..4)
        .map(|worker| {
            let journal = Arc::clone(&journal);
            thread::spawn(move || append_for_ever(&journal, worker, first))
        })
        .collect();
    for worker in workers {
        worker.join().ok();
    }
}

fn append_for_ever(journal: &Journal, worker: u32, first: i64) {
    for round in 0_u64.. {
        let payload = format!(r#"{{"start":{first},"worker":{worker},"round":{round}}}"#);
        let seq =
            journal.append_and_wait(vec![payload.clone()]).unwrap_or_else(|error| fail(&error.to_string()));
        // One write a line, so that a kill cannot mix two.
        if io::stdout().write_all(format!("{seq} {payload}\n").as_bytes()).is_err() {
            return;
        }
    }
}

fn fail(message: &str) -> ! {
    eprintln!("{message}");
    process::exit(2);
}
