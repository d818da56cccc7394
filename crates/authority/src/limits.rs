//! Bounds on what a provider may cost us (T-023, T-177).

use std::time::Duration;

/// How long a fetch may take and how much it may bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchLimits {
    pub(crate) time_out: Duration,
    pub(crate) connect_time_out: Duration,
    pub(crate) body_bytes_max: usize,
}

impl Default for FetchLimits {
    fn default() -> Self {
        Self {
            time_out: Duration::from_secs(5),
            connect_time_out: Duration::from_secs(3),
            body_bytes_max: 512 * 1024,
        }
    }
}

impl FetchLimits {
    /// The longest that one refresh may take, metadata and keys together. Also the longest that a request waits for it.
    /// Default 5 s.
    pub fn with_time_out(self, time_out: Duration) -> Self {
        Self { time_out, ..self }
    }

    /// The longest that one connection may take to open. Default 3 s.
    pub fn with_connect_time_out(self, connect_time_out: Duration) -> Self {
        Self { connect_time_out, ..self }
    }

    /// The largest document that is read. Bytes; default 524 288 (512 KiB).
    pub fn with_body_bytes_max(self, body_bytes_max: usize) -> Self {
        Self { body_bytes_max, ..self }
    }
}
