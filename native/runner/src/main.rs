//! The program inside a sandbox: carries one or more agents, speaks the link protocol on stdin and stdout.
//! It opens no file and no socket.

mod agent;
mod crew;
#[cfg(test)]
mod crew_tests;
mod frames;
mod hex;
#[cfg(test)]
mod learnt_tests;
mod lines;
mod messages;
mod outbox;
#[cfg(test)]
mod refusal_tests;
mod runner;
#[cfg(test)]
mod runner_tests;
#[cfg(test)]
mod test_bench;
mod writer;

use std::io::{self, BufReader, BufWriter, Write};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::lines::Input;
use crate::runner::{Next, Runner, VERSION};

const HEARTBEAT_EVERY: Duration = Duration::from_secs(2);
/// Frames read ahead; a full queue makes the host wait on the pipe.
const READ_AHEAD: usize = 64;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        None => {}
        Some("--version") => {
            println!("desk-runner {VERSION}");
            return ExitCode::SUCCESS;
        }
        Some(_) => {
            eprintln!("desk-runner takes no argument but --version; frames come on stdin.");
            return ExitCode::from(2);
        }
    }
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("desk-runner: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs until the host says stop or closes stdin.
fn run() -> io::Result<()> {
    let started = Instant::now();
    let (sender, inputs) = sync_channel(READ_AHEAD);
    thread::spawn(move || read_stdin(&sender, started));
    let mut runner = Runner::new(Box::new(move || started.elapsed()));
    let mut out = BufWriter::new(io::stdout().lock());
    let mut beat_at = HEARTBEAT_EVERY;
    loop {
        let next = step(&mut runner, &inputs, beat_at.saturating_sub(started.elapsed()))?;
        let now = started.elapsed();
        if now >= beat_at {
            runner.beat(now);
            beat_at = now + HEARTBEAT_EVERY;
        }
        for line in runner.take_lines() {
            writeln!(out, "{line}")?;
        }
        out.flush()?;
        if next == Next::Stop {
            return Ok(());
        }
    }
}

/// What the reader thread hands over: the input and the uptime at which it arrived.
type Arrival = (io::Result<Input>, Duration);

/// Waits for one input, at most for `timeout`, and lets the runner take it in.
fn step(runner: &mut Runner, inputs: &Receiver<Arrival>, timeout: Duration) -> io::Result<Next> {
    match inputs.recv_timeout(timeout) {
        Ok((Ok(Input::Line(line)), at)) => Ok(runner.receive(&line, at)),
        Ok((Ok(Input::TooLong(start)), _)) => {
            runner.refuse(
                &String::from_utf8_lossy(&start[..start.len().min(200)]),
                "the line is longer than 16 MB",
            );
            Ok(Next::GoOn)
        }
        Ok((Err(error), _)) => Err(error),
        // Nobody can reach a runner whose stdin is closed.
        Ok((Ok(Input::End), _)) | Err(RecvTimeoutError::Disconnected) => Ok(Next::Stop),
        Err(RecvTimeoutError::Timeout) => Ok(Next::GoOn),
    }
}

fn read_stdin(sender: &SyncSender<Arrival>, started: Instant) {
    let mut reader = BufReader::new(io::stdin().lock());
    loop {
        let input = lines::read(&mut reader, lines::LONGEST);
        let is_last = !matches!(input, Ok(Input::Line(_) | Input::TooLong(_)));
        if sender.send((input, started.elapsed())).is_err() || is_last {
            return;
        }
    }
}
