// All tests in one process: one demo, one browser, one build. A single file runs as well: `node --test FILE`.
import "./screenshots.test.mjs";
import "./sign-in.test.mjs";
import "./renewal.test.mjs";
import "./organizations.test.mjs";
import "./roles.test.mjs";
import "./configuration.test.mjs";
import "./consent.test.mjs";
import "./device.test.mjs";
import "./trouble.test.mjs";
