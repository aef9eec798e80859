//! Threads for work that is not urgent.

use std::thread;

/// Runs the work on a thread of its own that gives way, and waits for it. An error is the panic that ended it.
pub fn run<T: Send>(work: impl FnOnce() -> T + Send) -> thread::Result<T> {
    thread::scope(|scope| {
        let running = scope.spawn(|| {
            give_way();
            work()
        });
        running.join()
    })
}

/// The desk comes first: its event loop must not wait for a core that research is using. Threads that this one starts
/// inherit it. Elsewhere than on Linux niceness is the whole process's.
#[cfg(target_os = "linux")]
pub fn give_way() {
    // Where the system refuses, the work is only as urgent as everything else.
    let _ = rustix::process::nice(10);
}

#[cfg(not(target_os = "linux"))]
pub fn give_way() {}
