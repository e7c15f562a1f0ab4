import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * The import rule of the house (see CONTRIBUTING.md): for each layer, in the order in which data passes them, the layers
 * it may import. A layer that is not `vscode: true` must run in plain Node, in the engine's thread or in a browser.
 */
const layers = JSON.parse(readFileSync(join(import.meta.dirname, 'layers.json'), 'utf8'));

const forbidden = (layer, { may, vscode }) => [
  ...Object.keys(layers)
    .filter((other) => other !== layer && !may.includes(other))
    .map((other) => ({ group: [`**/${other}/*`, `**/${other}/**`], message: `${layer}/ may not import ${other}/.` })),
  ...(vscode ? [] : [{ group: ['vscode'], message: `${layer}/ never touches vscode.` }]),
];

export default tseslint.config(
  { ignores: ['dist/', 'out/', '.vscode-test/', 'node_modules/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './src/webview/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
    },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: { console: 'readonly', process: 'readonly' } } },
  ...Object.entries(layers).map(([layer, rule]) => ({
    files: [`src/${layer}/**/*.ts`],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: forbidden(layer, rule) }],
    },
  })),
  // A promise is awaited, caught, or given to `detached`, which logs.
  { files: ['src/**/*.ts'], rules: { 'no-void': 'error' } },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'suite', 'describe', 'it'] },
          ],
        },
      ],
    },
  },
);
