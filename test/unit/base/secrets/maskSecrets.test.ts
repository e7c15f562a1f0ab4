import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { maskSecrets } from '../../../../src/base/secrets/maskSecrets';
import { times } from '../../../support/chance';
import fc from '../../../support/properties';

const folder = 'test/unit/base/secrets';

/** The lines of a file of the corpus, without its comments. */
function linesOf(name: string): string[] {
  const lines = readFileSync(`${folder}/${name}`, 'utf8').replaceAll('§', '').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('# ')).map((line) => line.replaceAll('⏎', '\n'));
}

function shown(line: string): string {
  return maskSecrets(line, 500);
}

test('no secret of the corpus is left', (t: TestContext) => {
  const cases = linesOf('secretLines.txt').map((line) => {
    const at = line.indexOf(' => ');
    return [line.slice(0, at), line.slice(at + 4)] as const;
  });
  const leaked = cases.filter(([secret, line]) => shown(line).includes(secret) || !shown(line).includes('•••'));
  t.diagnostic(`masked ${cases.length - leaked.length}, leaked ${leaked.length}`);
  assert.ok(cases.length >= 290 && cases.every(([secret, line]) => line.includes(secret)));
  assert.deepEqual(
    leaked.map(([, line]) => `${line} -> ${shown(line)}`),
    [],
  );
});

test('lines without a secret stay as they are', (t: TestContext) => {
  const lines = linesOf('harmlessLines.txt');
  const changed = lines.filter((line) => shown(line) !== line);
  t.diagnostic(`kept ${lines.length - changed.length}, changed ${changed.length}`);
  assert.ok(lines.length >= 165);
  assert.deepEqual(
    changed.map((line) => `${line} -> ${shown(line)}`),
    [],
  );
});

test('keys are known by their form', () => {
  for (const key of [
    `ghp_${'a1'.repeat(18)}`,
    `AKIA${'A1'.repeat(8)}`,
    `sk-${'x'.repeat(40)}`,
    `npm_${'b'.repeat(36)}`,
  ]) {
    assert.equal(shown(`push ${key} now`), 'push ••• now');
  }
});

test('only the secret is masked', () => {
  assert.equal(
    shown('docker run -e TOKEN=letmein -p 80:80 x && curl -u me:letmein https://example.org/a?token=letmein&b=1'),
    'docker run -e TOKEN=••• -p 80:80 x && curl -u ••• https://example.org/a?token=•••&b=1',
  );
  assert.equal(shown(`curl -d '{"pw": "a b", "age": 3}' example.org`), `curl -d '{"pw": •••, "age": 3}' example.org`);
});

test('a masked line is masked no further', () => {
  for (const line of linesOf('secretLines.txt')) {
    const once = shown(line.slice(line.indexOf(' => ') + 4));
    assert.equal(shown(once), once);
  }
});

test('names that people give are prose, unless they hold a secret all the same', () => {
  for (const name of ['Auth: build', 'npm: token:refresh', 'Launch Program (api)', 'secret: rotate the keys']) {
    assert.equal(maskSecrets(name, 200, 'prose'), name);
  }
  assert.equal(maskSecrets('Deploy TOKEN=letmein', 200, 'prose'), 'Deploy TOKEN=•••');
  assert.equal(maskSecrets('password: hunter2', 200, 'prose'), 'password: •••');
});

/** What surrounds a secret; `%` is its place. */
const places = [
  'DB_PASS=% npm start',
  "export API_TOKEN='%'",
  'tool --password % --verbose',
  'tool --client-secret="%" x',
  'curl -H "Authorization: Bearer %" example.org',
  `curl -d '{"a":1,"password":"%"}' example.org`,
  'ssh host "mysql -u root -p% app"',
  'git clone https://me:%@example.org/x.git',
  'echo % | docker login --password-stdin',
  'cat > .env <<EOF\nDB_PASS=%\nEOF',
];
const secretText = fc.stringMatching(/^q[a-fX-Z0189._+~*^éßж密-]{8,40}$/);
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(fc.constantFrom(...places, '"', "'", '\\', '\\"', '<<', '\n', '=', ': ', '|', '$(', ' ', 'x', '://', '@'))
    .map((all) => all.join('')),
);

test('a named secret of any characters is masked, whatever is around it', () => {
  fc.assert(
    fc.property(
      secretText,
      fc.constantFrom(...places),
      fc.constantFrom('', 'cd /x && ', 'npm ci; '),
      (secret, place, before) => {
        const line = before + place.replace('%', () => secret);
        assert.ok(!maskSecrets(line, 5_000).includes(secret), line);
      },
    ),
    { numRuns: times(2_000) },
  );
});

test('a random key without a name is masked', () => {
  let masked = 0;
  const keys = fc.sample(fc.stringMatching(/^[A-Za-z0-9]{40}$/), times(500));
  for (const key of keys) if (!shown(`./deploy.sh ${key} now`).includes(key)) masked++;
  assert.ok(masked >= 0.97 * keys.length, `${masked} of ${keys.length}`);
});

test('words, paths, hashes and UUIDs stay', () => {
  // Syllables that make neither the name of a secret nor of a program that takes one.
  const word = fc.stringMatching(/^(?:[bdfglmnr][aeou]){1,6}$/);
  const part = fc.oneof(
    word,
    fc.array(word, { minLength: 2, maxLength: 6 }).map((all) => `src/${all.join('/')}.ts`),
    fc.array(word, { minLength: 2, maxLength: 5 }).map((all) => `--${all.join('-')}`),
    fc.stringMatching(/^[0-9a-f]{40}$/),
    fc.uuid().map((id) => `${id}.png`),
    fc.integer({ min: 0, max: 99_999 }).map(String),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
      const line = ['run', ...parts].join(' ');
      assert.equal(shown(line), line);
    }),
    { numRuns: times(2_000) },
  );
});

test('any text gives a text that is not too long', () => {
  fc.assert(
    fc.property(anything, fc.integer({ min: 1, max: 500 }), (text, maxLength) => {
      assert.ok(maskSecrets(text, maxLength).length <= maxLength);
    }),
    { numRuns: times(2_000) },
  );
});

test('no text has a null character, which no version may have in its cause', () => {
  assert.equal(shown('a\0b --password \0x'), 'ab --password •••');
});

test('a secret at the place where a long line is cut is not left in part', () => {
  const key = `ghp_${'a1'.repeat(18)}`;
  for (let length = 7_950; length < 8_010; length++) {
    const line = `TOKEN="${'x'.repeat(length)}" ${key}`;
    assert.ok(!/ghp_|a1/.test(shown(line)));
  }
});

/** The least CPU time of some tries, in ms. */
function cost(line: string): number {
  const tries = Array.from({ length: 4 }, () => {
    const start = process.cpuUsage();
    assert.ok(shown(line).length <= 500);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000;
  });
  return Math.min(...tries);
}

test('a hostile line of 100 KB costs less than 50 ms', (t: TestContext) => {
  const pieces =
    'token=|--password |://a|\'|"|auth: |-|a.|secret"|\\|\\"|sk-|eyJ|SG.|a@|a:@b|@|:|=|/|$(|`|(|net user |mysql -p|<<a |<<<a |echo a'
      .split('|')
      .concat(
        '|',
        'echo a |',
        '-S ',
        '\n',
        'cookie: $',
        '-----BEGIN ',
        'a1B2',
        'aA1_',
        'aA1/',
        '\ud800',
        'git commit -m x ',
      );
  const combined = fc.sample(fc.array(fc.constantFrom(...pieces), { minLength: 2, maxLength: 4 }), times(40));
  const costs = [...pieces, ...combined.map((all) => all.join(''))].map((piece) => ({
    piece,
    ms: cost(piece.repeat(Math.ceil(100_000 / piece.length))),
  }));
  const [worst] = costs.sort((a, b) => b.ms - a.ms);
  t.diagnostic(`at most ${worst?.ms.toFixed(1)} ms, for ${JSON.stringify(worst?.piece)}`);
  assert.ok((worst?.ms ?? 0) < 50);
});
