// All tests in one process: one demo, one browser, one build of the page. A single file runs as well: `node --test FILE`.
import "./sign-in.test.mjs";
