//! Reading the world again while the simulator runs: on request, or because the file changed.
//!
//! A world that was read replaces the directory as a whole: what was changed at run time, consents included, is gone.
//! Keys, sessions, refresh tokens, faults and the clock stay. A world that cannot be read changes nothing.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::error::SimulatorError;
use crate::server::blocking;
use crate::state::State;

/// How often to look at the file. It is read when it looked the same twice: an editor may still be writing.
const EVERY: Duration = Duration::from_millis(300);

impl State {
    /// Reads the world again from where it came.
    ///
    /// # Errors
    /// Why it was refused; then the present world stays, and `GET /sim/health` says so.
    pub(crate) async fn reload(self: &Arc<Self>) -> Result<(), SimulatorError> {
        let state = Arc::clone(self);
        blocking(move || state.reload_now()).await
    }

    fn reload_now(&self) -> Result<(), SimulatorError> {
        let loaded = self.source.load();
        self.source.note(loaded.as_ref().err().map(ToString::to_string));
        match loaded {
            Ok(world) => {
                tracing::info!(counts = %world.counts(), "world read again");
                self.replace(world);
                Ok(())
            }
            Err(error) => {
                tracing::error!("world refused, the last good one stays: {error}");
                Err(error)
            }
        }
    }
}

/// Reads the world file again whenever it says something else.
pub(crate) async fn watch(state: Arc<State>) {
    let mut waiting_for = None;
    loop {
        sleep(EVERY).await;
        let stamp = state.source.new_stamp();
        let is_quiet = stamp.is_some() && stamp == waiting_for;
        waiting_for = stamp;
        if is_quiet && state.source.differs() {
            // Logged and shown at `/sim/health`; there is nobody else to tell.
            let _told = state.reload().await;
        }
    }
}
