//! The program inside a sandbox: carries one or more agents, speaks the link protocol on stdin and stdout.
fn main() {}
