//! Texts that pages must survive.

/// Tries to leave text, attributes and scripts.
pub(super) const EVIL: &str = "<script>alert(1)</script>'\" onfocus=\"alert(2)\" --></style></title>";

/// Long, with nothing to break it at, then words of several scripts.
pub(super) const LONG: &str = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft \
    Ελληνική Εταιρεία, 株式会社, شركة and the Society of Applications With Very Long Names";
