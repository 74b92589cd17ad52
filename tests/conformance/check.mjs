// SPDX-License-Identifier: MIT
// usage: node check.mjs SUITE_FOLDER FIXTURE_URL PRODUCT_URL
// Runs the suite and checks its results: every scored scenario of a requirement set must have run
// and passed. Reports the scenarios that are not scored. Exits with 1 if anything failed.
import {execFile} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';

const [suite, fixtureUrl, productUrl] = process.argv.slice(2);
const program = join(suite, 'node_modules/@modelcontextprotocol/conformance');

// The expected numbers of scored scenarios, so that a suite that runs fewer is noticed.
const SCORED = {'2025-11-25': 30, '2026-07-28': 37};

// The scenarios that every server must pass, whatever its tools are.
const GENERIC = {
  '2025-11-25': [
    'server-initialize', 'server-session-lifecycle', 'logging-set-level', 'ping',
    'completion-complete', 'tools-list', 'server-sse-multiple-streams', 'resources-list',
    'resources-subscribe', 'resources-unsubscribe', 'prompts-list', 'dns-rebinding-protection',
  ],
  '2026-07-28': [
    'completion-complete', 'tools-list', 'server-sse-multiple-streams', 'resources-list',
    'sep-2164-resource-not-found', 'prompts-list', 'dns-rebinding-protection', 'caching',
    'input-required-result-missing-input-response', 'input-required-result-unsupported-methods',
    'input-required-result-ignore-extra-params', 'input-required-result-validate-input',
    'http-header-validation',
  ],
};

function run(url, revision, scenario, out) {
  rmSync(out, {recursive: true, force: true});
  mkdirSync(out, {recursive: true});
  const which = scenario ? ['--scenario', scenario, '--spec-version', revision]
                         : ['--requirements', revision];
  const args = [join(program, 'dist/index.js'), 'server', '--url', url, ...which, '-o', out];
  return new Promise(resolve => {
    execFile(process.execPath, args, {timeout: 600_000, maxBuffer: 1 << 26},
             (error, stdout, stderr) => resolve({code: error?.code ?? 0, text: stdout + stderr}));
  });
}

// The checks of each scenario, by its name, from the files that the suite writes.
function results(out) {
  const found = new Map();
  for (const entry of readdirSync(out, {recursive: true})) {
    if (!entry.endsWith('checks.json')) continue;
    const name = /(?:^|\/)server-(.+?)-\d{4}-\d{2}-\d{2}T/.exec(entry)?.[1];
    if (name) found.set(name, JSON.parse(readFileSync(join(out, entry), 'utf8')));
  }
  return found;
}

const failures = checks => checks.filter(check => check.status === 'FAILURE');

// The names under `server:` in the suite's YAML file, of which only a small subset is parsed.
function scoredScenarios(revision) {
  const text = readFileSync(join(program, 'requirements', `${revision}.yaml`), 'utf8');
  const section = /^server:\n((?: {2}- .*\n|\s*#.*\n|\n)*)/m.exec(text)[1];
  return [...section.matchAll(/^ {2}- (\S+)/gm)].map(match => match[1]);
}

function describe(checks) {
  return failures(checks)
      .map(check => `\n      ${check.id}: ${(check.errorMessage ?? '').slice(0, 400)}`)
      .join('');
}

let failed = 0;
for (const revision of Object.keys(SCORED)) {
  const out = join(suite, 'out', `fixture-${revision}`);
  const {text} = await run(fixtureUrl, revision, null, out);
  const found = results(out);
  const scored = scoredScenarios(revision);
  let passed = 0;
  for (const name of scored) {
    const checks = found.get(name);
    if (checks && failures(checks).length === 0) {
      ++passed;
    } else {
      console.log(`  FAILED ${name}:${checks ? describe(checks) : ' did not run'}`);
    }
  }
  console.log(`${revision}: ${passed} of ${scored.length} scored scenarios pass`);
  for (const [name, checks] of found) {
    if (scored.includes(name) || failures(checks).length === 0) continue;
    console.log(`  not scored, and failed: ${name}:${describe(checks)}`);
  }
  if (scored.length !== SCORED[revision] || passed !== scored.length) {
    if (found.size === 0) console.log(text.slice(-2000));
    ++failed;
  }
}

for (const [revision, names] of Object.entries(GENERIC)) {
  let passed = 0;
  for (const name of names) {
    const out = join(suite, 'out', `product-${revision}`, name);
    const {text} = await run(productUrl, revision, name, out);
    const checks = results(out).get(name);
    if (checks && failures(checks).length === 0) {
      ++passed;
    } else {
      console.log(`  FAILED ${name}:${checks ? describe(checks) : text.slice(-500)}`);
      ++failed;
    }
  }
  console.log(`${revision}: halo-mcp serve passes ${passed} of ${names.length} generic scenarios`);
}
console.log(failed ? 'FAILED: conformance suite' : 'OK: conformance suite');
process.exit(failed ? 1 : 0);
