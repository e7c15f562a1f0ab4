import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryTree } from '../../../support/memoryTree';
import { proposeRules } from '../../../../src/commands/proposal/proposeRules';
import { systemClock } from '../../../../src/model/clock';

test('x', async () => {
  const files: Record<string,string> = {
    '.gitignore': 'node_modules\n.env\ndist\n.next\n',
    'package.json': '{}', 'pnpm-workspace.yaml': '', 'Dockerfile': '', 'Makefile': '', 'esbuild.mjs': '', '.github/workflows/ci.yml': '',
    'packages/api/.env': 'PASSWORD=1', 'packages/api/src/a.ts': 'x', 'packages/api/.env.example': 'PASSWORD=',
    'packages/api/.gitignore': '/generated\n*.snap\n!keep.snap\n', 'packages/api/generated/x.ts': '', 'packages/api/a.snap': '', 'packages/api/keep.snap': '',
    'apps/web/dist/x.js': '', 'apps/web/.next/y': '', 'apps/web/page.tsx': 'abc', 'apps/web/env/pyvenv.cfg': '', 'apps/web/env/lib/x.py': '',
  };
  for (let i=0;i<300;i++) files[`packages/api/node_modules/p${i}/index.js`]='x';
  const p = await proposeRules({ reader: memoryTree(files), repository: {linesFromAbove: []}, existing: {watch:'',ignore:''}, wanted: undefined, isReserved: async()=>false, maxFileBytes: 5e6, clock: systemClock, onCancel: ()=>{} });
  console.log(p.patterns, JSON.stringify(p.facts,undefined,1), p.sections.slice(-3).map(s=>s.lines.join(' ')));
  assert.ok(true);
});
