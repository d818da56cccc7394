//! Keeps `test-layers` out of release builds. A file of its own, which a test compiles alone.

#[cfg(all(feature = "test-layers", not(debug_assertions)))]
compile_error!(
    "the feature `test-layers` takes walls between tenants down: it is for tests, and no release has it"
);
