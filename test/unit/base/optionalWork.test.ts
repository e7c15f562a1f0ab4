import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ObbyError } from '../../../src/base/errors';
import { OptionalWork } from '../../../src/base/optionalWork';

test('what fails has no result, and is logged once for each kind of work and of failure', async () => {
  const logged: string[] = [];
  const optional = new OptionalWork((message) => logged.push(message));
  const denied = (path: string): Error => Object.assign(new Error(`EACCES: ${path}`), { code: 'EACCES' });
  const fail = (error: unknown) => (): number => {
    throw error;
  };
  const failAtOnce = (): Promise<number> => {
    throw denied('thrown at once');
  };
  for (let n = 0; n < 100; n++) {
    assert.equal(optional.try('counts', fail(denied(`file ${n}`))), undefined);
    assert.equal(await optional.run('counts', () => Promise.reject<number>(denied(`file ${n}`))), undefined);
    assert.equal(await optional.run('counts', failAtOnce), undefined);
  }
  assert.equal(logged.length, 1);
  assert.match(logged[0] ?? '', /without counts.*EACCES: file 0\n\s+at /);
  optional.try('causes', fail(denied('file')));
  optional.try('causes', fail(new ObbyError('storeFailed', 'The disk is gone.')));
  optional.try('causes', fail(new TypeError('a bug')));
  optional.try('causes', fail('no error at all'));
  assert.equal(logged.length, 5);
  assert.match(logged[2] ?? '', /The disk is gone\.$/, 'what a person can act on needs no stack');
});

test('what works is given back', async () => {
  const optional = new OptionalWork((message) => assert.fail(message));
  assert.equal(
    optional.try('counts', () => 1),
    1,
  );
  assert.equal(await optional.run('counts', () => Promise.resolve(2)), 2);
});
