import assert from 'node:assert/strict';
import type { ObbyEvent, Topic } from '../../src/api/api';
import { TestFolder, until } from './support';

describe('subscribe', () => {
  let folder: TestFolder;

  before(async () => {
    folder = await TestFolder.open();
    await folder.eventsArrive();
  });
  after(() => folder.close());

  /** Writes a file and resolves when a subscriber must have heard of it. */
  async function change(name: string): Promise<void> {
    const sentinel = folder.listen();
    await folder.write(name, String(Math.random()));
    await until(`a version of ${name}`, () => sentinel.versions.find(({ path }) => path === name));
    sentinel.dispose();
  }

  it('hears the topics that were named, and all when none was', async () => {
    const heard = new Map<string, Set<Topic>>();
    const hear = (...topics: Topic[]) => {
      const own = new Set<Topic>();
      heard.set(topics.join(), own);
      return folder.api.subscribe(topics, ({ topic }) => own.add(topic));
    };
    const subscriptions = [hear('version'), hear('file', 'scan'), hear('store'), hear()];
    await change('topics.txt');
    await folder.api.watching.scan(folder.uri);
    await until('a status', () => heard.get('')?.has('status') === true);
    subscriptions.forEach((subscription) => subscription.dispose());
    assert.deepEqual([...(heard.get('version') ?? [])], ['version']);
    assert.deepEqual([...(heard.get('file,scan') ?? [])].sort(), ['file', 'scan']);
    assert.deepEqual([...(heard.get('store') ?? [])], []);
    assert.deepEqual([...(heard.get('') ?? [])].sort(), ['file', 'scan', 'status', 'version']);
  });

  it('hears of versions once they are durable, with all that the history says of them', async () => {
    const listener = folder.listen();
    await change('complete.txt');
    const version = await folder.newest('complete.txt');
    assert.deepEqual(listener.versions, [version]);
    assert.equal(version.uri.fsPath, folder.pathOf('complete.txt'));
    listener.dispose();
  });

  it('hears nothing once it is disposed, twice if you like', async () => {
    const heard: ObbyEvent[] = [];
    const subscription = folder.api.subscribe([], (event) => heard.push(event));
    subscription.dispose();
    subscription.dispose();
    await change('silence.txt');
    assert.deepEqual(heard, []);
  });

  it('may be disposed by its own listener, without a loss for the next', async () => {
    let first = 0;
    let second = 0;
    const subscription = folder.api.subscribe(['version'], () => {
      first++;
      subscription.dispose();
    });
    const other = folder.api.subscribe(['version'], () => second++);
    await change('once.txt');
    await change('twice.txt');
    other.dispose();
    assert.deepEqual([first, second], [1, 2]);
  });

  it('the same listener twice is heard twice and given back one by one', async () => {
    let count = 0;
    const listener = (): void => {
      count++;
    };
    const subscriptions = [folder.api.subscribe(['version'], listener), folder.api.subscribe(['version'], listener)];
    await change('a pair.txt');
    assert.equal(count, 2);
    subscriptions[0]?.dispose();
    await change('single.txt');
    assert.equal(count, 3);
    subscriptions[1]?.dispose();
  });

  it('one that throws stays subscribed, and harms no one', async () => {
    let thrown = 0;
    const throwing = folder.api.subscribe(['version'], () => {
      thrown++;
      throw new Error('A subscriber of the test fails on purpose.');
    });
    await change('thrown 1.txt');
    await change('thrown 2.txt');
    throwing.dispose();
    assert.equal(thrown, 2);
  });

  it('one that is slow hears everything, but neither recording nor the others wait for it', async () => {
    const names = Array.from({ length: 40 }, (_, n) => `slow ${n}.txt`);
    const heard = { slow: [] as string[], quick: [] as string[] };
    const pathsOf = (event: ObbyEvent) => (event.topic === 'version' ? event.versions.map(({ path }) => path) : []);
    const subscriptions = [
      folder.api.subscribe(['version'], (event) => {
        for (const end = Date.now() + 50; Date.now() < end;);
        heard.slow.push(...pathsOf(event));
      }),
      folder.api.subscribe(['version'], (event) => heard.quick.push(...pathsOf(event))),
    ];
    for (const name of names) await folder.write(name, name);
    await Promise.all(names.map((name) => folder.api.tracking.record(folder.uriOf(name))));
    await until('the quick one has heard', () => heard.quick.length === names.length);
    const early = heard.slow.length;
    await until('the slow one has heard', () => heard.slow.length === names.length);
    subscriptions.forEach((subscription) => subscription.dispose());
    assert.ok(early < names.length, `${early} events were told to the slow one first`);
    assert.deepEqual(heard.slow, heard.quick);
  });

  it('a listener may call the API', async () => {
    let text: Promise<string> | undefined;
    const subscription = folder.api.subscribe(['version'], (event) => {
      const version = event.versions[0];
      if (version) text = folder.api.history.text(version.id);
    });
    await folder.write('nested.txt', 'asked from inside');
    await folder.api.flush();
    subscription.dispose();
    assert.equal(await text, 'asked from inside');
  });
});
