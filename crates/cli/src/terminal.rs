//! Words and colours for people; scripts get `--json` and no colours.

use std::io::IsTerminal;

use anstyle::{AnsiColor, Style};

/// Sets up the log on standard error: `RUST_LOG`, or warnings and decisions.
pub(crate) fn start_log(default: &str) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| default.into());
    let ansi = std::io::stderr().is_terminal();
    // A second start, as in tests, changes nothing.
    let _already_set = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(ansi)
        .with_writer(std::io::stderr)
        .try_init();
}

/// An error with its causes, one line each.
pub(crate) fn error(fault: &anyhow::Error) {
    eprintln!("error: {fault}");
    fault.chain().skip(1).for_each(|cause| eprintln!("  because: {cause}"));
}

/// Strong.
pub(crate) const BOLD: Style = Style::new().bold();
/// Less important.
pub(crate) const QUIET: Style = Style::new().dimmed();
/// Good news.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Bad news.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Neither good nor bad, but to be looked at.
pub(crate) const CHANGED: Style = AnsiColor::Yellow.on_default().bold();
/// Where to go.
pub(crate) const LINK: Style = AnsiColor::Cyan.on_default().underline();

/// `text` in `style`. To be printed through `anstream`, which leaves styles out where they do not belong: pipes, files,
/// `NO_COLOR`.
pub(crate) fn styled(text: &str, style: Style) -> String {
    format!("{style}{text}{style:#}")
}
