//! The end of a command that runs until it is told to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Waits for Ctrl-C, or for the signal that service managers send.
pub(super) async fn requested() -> std::io::Result<()> {
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminated.recv() => Ok(()),
    }
}
