//! The end of what a process wrote, for the message when it fails.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Child;
use tokio::task::JoinHandle;

/// Bytes of output that are kept.
const KEPT: usize = 8 * 1024;

/// Reads a process' output until its end, so that the process never waits for a reader, and keeps the last 8 KiB.
#[derive(Debug)]
pub(super) struct Output {
    kept: Arc<Mutex<VecDeque<u8>>>,
    readers: Vec<JoinHandle<()>>,
}

impl Output {
    pub(super) fn of(child: &mut Child) -> Self {
        let kept = Arc::default();
        let readers = [
            child.stdout.take().map(|pipe| tokio::spawn(read(pipe, Arc::clone(&kept)))),
            child.stderr.take().map(|pipe| tokio::spawn(read(pipe, Arc::clone(&kept)))),
        ];
        Self { kept, readers: readers.into_iter().flatten().collect() }
    }

    /// What it wrote last. What looks like a token is cut.
    pub(super) fn tail(&self) -> String {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: Vec<u8> = kept.iter().copied().collect();
        without_tokens(&String::from_utf8_lossy(&bytes))
    }

    /// Reads no more: a grandchild may hold the pipe for ever.
    pub(super) fn stop(&self) {
        self.readers.iter().for_each(JoinHandle::abort);
    }
}

async fn read(mut pipe: impl AsyncRead + Unpin, kept: Arc<Mutex<VecDeque<u8>>>) {
    let mut chunk = [0; 1024];
    while let Ok(length @ 1..) = pipe.read(&mut chunk).await {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(&chunk[..length]);
        let excess = kept.len().saturating_sub(KEPT);
        kept.drain(..excess);
    }
}

/// Every token is the base64url of `{"`, which is `eyJ`.
fn without_tokens(text: &str) -> String {
    let mut parts = text.split("eyJ");
    let mut clean = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if !clean.ends_with("eyJ…") {
            clean.push_str("eyJ…");
        }
        clean.push_str(part.trim_start_matches(is_token));
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::without_tokens;

    #[test]
    fn tokens_are_cut() {
        assert_eq!(without_tokens("got eyJhbGc.eyJ0aWQ.c2ln, why?"), "got eyJ…, why?");
        assert_eq!(without_tokens("nothing here"), "nothing here");
    }
}
