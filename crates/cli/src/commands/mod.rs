//! One file per command.

pub(crate) mod allow_list;
pub(crate) mod config;
pub(crate) mod demo;
pub(crate) mod gate;
pub(crate) mod man;
pub(crate) mod simulate;
mod stop;
pub(crate) mod token;
