//! Measures durable appends: many callers, each with a few appends of one 200-byte event in flight, for about
//! three seconds. Prints `{"durableAppendsPerS", "ackP99Ms", "n"}`.

use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

use desk_journal::{Journal, JournalError};

const CALLERS: usize = 8;
/// Appends that each caller keeps in flight, as a host with many agents does.
const IN_FLIGHT: usize = 32;
const RUN: Duration = Duration::from_secs(3);

fn main() {
    let folder = scratch_folder();
    let result = fs::create_dir_all(&folder)
        .map_err(|error| error.to_string())
        .and_then(|()| measure(&folder).map_err(|error| error.to_string()));
    fs::remove_dir_all(&folder).ok();
    match result {
        Ok(line) => println!("{line}"),
        Err(error) => {
            eprintln!("{error}");
            process::exit(1);
        }
    }
}

/// Beside the build, so that it is on the disk that the sources are on.
fn scratch_folder() -> PathBuf {
    let beside = env::current_exe().ok().and_then(|path| path.parent().map(Path::to_owned));
    beside.unwrap_or_default().join(format!("bench-append-{}", process::id()))
}

fn measure(folder: &Path) -> Result<String, JournalError> {
    let journal = Journal::open(&folder.join("journal.db"))?;
    let start = Instant::now();
    let mut ack_ns: Vec<u128> = thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS).map(|_| scope.spawn(|| call(&journal, start))).collect();
        callers.into_iter().filter_map(|caller| caller.join().ok()).flatten().collect()
    });
    let seconds = start.elapsed().as_secs_f64();
    ack_ns.sort_unstable();
    let n = ack_ns.len();
    let found = journal.verify()?;
    if found.broken_at.is_some() || usize::try_from(found.events) != Ok(n) {
        return Err(JournalError::Failed { reason: format!("{n} appends acknowledged, {found:?} found") });
    }
    let p99_ms = ack_ns.get((n * 99).div_ceil(100).saturating_sub(1)).map_or(0.0, |ns| *ns as f64 / 1e6);
    let rate = n as f64 / seconds;
    Ok(format!(r#"{{"durableAppendsPerS":{rate:.0},"ackP99Ms":{p99_ms:.3},"n":{n}}}"#))
}

/// Keeps appends in flight until the time is up; returns what each acknowledgement took.
fn call(journal: &Journal, start: Instant) -> Vec<u128> {
    let payload = format!(r#"{{"kind":"bench","pad":"{}"}}"#, "x".repeat(176));
    let (sender, receiver) = channel();
    let send = || {
        let (sender, asked) = (sender.clone(), Instant::now());
        journal.append(
            vec![payload.clone()],
            Box::new(move |result| drop(sender.send(result.map(|_| asked.elapsed().as_nanos())))),
        );
    };
    (0..IN_FLIGHT).for_each(|_| send());
    let (mut times, mut open) = (Vec::new(), IN_FLIGHT);
    while open > 0 {
        let Ok(Ok(time)) = receiver.recv() else { break };
        times.push(time);
        open -= 1;
        if start.elapsed() < RUN {
            send();
            open += 1;
        }
    }
    times
}
