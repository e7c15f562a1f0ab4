import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskSecrets } from '../../../../src/host/causes/maskSecrets';

const secret = 'hunter2-S3cret';
const lines = [
  `mysql --password=${secret} db`,
  `mysql --password ${secret} db`,
  `tool --api-key="${secret} and more"`,
  `GITHUB_TOKEN=${secret} npm publish`,
  `export AWS_SECRET_ACCESS_KEY='${secret}'`,
  `curl -H "Authorization: Bearer ${secret}" https://example.org`,
  `curl -H 'authorization: ${secret}' https://example.org`,
  `curl -u me:${secret} https://example.org`,
  `curl --user me:${secret} https://example.org`,
  `git clone https://me:${secret}@example.org/x.git`,
  `git clone https://${secret}@example.org/x.git`,
  `curl -d '{"client_secret": "${secret}"}' https://example.org`,
  `login -token ${secret}`,
  `docker login --password "${secret}`,
];

test('what looks like a secret is masked', () => {
  for (const line of lines) {
    const shown = maskSecrets(line, 500);
    assert.ok(!shown.includes('hunter2') && !shown.includes('S3cret'), shown);
    assert.ok(shown.includes('•••'), shown);
  }
});

test('keys are known by their form', () => {
  for (const key of [
    `ghp_${'a1'.repeat(18)}`,
    `AKIA${'A1'.repeat(8)}`,
    `sk-${'x'.repeat(40)}`,
    `npm_${'b'.repeat(36)}`,
  ]) {
    assert.equal(maskSecrets(`push ${key} now`, 500), 'push ••• now');
  }
});

test('everything else stays as it was typed', () => {
  for (const line of [
    'npm run format',
    'git checkout -b author/tokens',
    'rm -rf src && echo done | tee log.txt',
    'ssh me@example.org',
    'curl https://example.org/path?x=1',
    'grep -u pattern file:name',
    'make -j4 CFLAGS=-O2',
  ]) {
    assert.equal(maskSecrets(line, 500), line);
  }
});

test('nothing is longer than it may be, and a hostile line costs little', () => {
  assert.equal(maskSecrets('x'.repeat(600), 500).length, 500);
  const start = performance.now();
  for (const piece of ['token=', '--password ', '://a', "'", 'auth: ', '-', 'a.', 'secret"'])
    assert.ok(maskSecrets(piece.repeat(100_000), 500).length <= 500);
  assert.ok(performance.now() - start < 5_000);
});
