import { defineConfig } from 'oxlint';
import layers from './layers.json' with { type: 'json' };

/**
 * The import rule of the house (see CONTRIBUTING.md): for each layer, in the order in which data passes them, the layers
 * it may import. A layer that is not `vscode: true` must run in plain Node, in the engine's thread or in a browser.
 */
function forbidden(layer, { may, vscode }) {
  return [
    ...Object.keys(layers)
      .filter((other) => other !== layer && !may.includes(other))
      .map((other) => ({ group: [`**/${other}/*`, `**/${other}/**`], message: `${layer}/ may not import ${other}/.` })),
    ...(vscode === true ? [] : [{ group: ['vscode'], message: `${layer}/ never touches vscode.` }]),
  ];
}

/** What oxlint calls correct, and as much as typescript-eslint's strictest set. */
const strict = [
  'no-array-constructor',
  'no-case-declarations',
  'no-console',
  'no-empty',
  'no-fallthrough',
  'no-prototype-builtins',
  'no-regex-spaces',
  'no-unexpected-multiline',
  'no-useless-assignment',
  'no-useless-constructor',
  'no-var',
  'prefer-const',
  'prefer-rest-params',
  'prefer-spread',
  'preserve-caught-error',
  'typescript/ban-ts-comment',
  'typescript/consistent-type-imports',
  'typescript/no-deprecated',
  'typescript/no-dynamic-delete',
  'typescript/no-empty-object-type',
  'typescript/no-explicit-any',
  'typescript/no-extraneous-class',
  'typescript/no-generated-empty-object-type',
  'typescript/no-invalid-void-type',
  'typescript/no-misused-promises',
  'typescript/no-mixed-enums',
  'typescript/no-namespace',
  'typescript/no-non-null-asserted-nullish-coalescing',
  'typescript/no-non-null-assertion',
  'typescript/no-require-imports',
  'typescript/no-unnecessary-boolean-literal-compare',
  'typescript/no-unnecessary-condition',
  'typescript/no-unnecessary-template-expression',
  'typescript/no-unnecessary-type-arguments',
  'typescript/no-unnecessary-type-assertion',
  'typescript/no-unnecessary-type-constraint',
  'typescript/no-unnecessary-type-conversion',
  'typescript/no-unnecessary-type-parameters',
  'typescript/no-unsafe-argument',
  'typescript/no-unsafe-assignment',
  'typescript/no-unsafe-call',
  'typescript/no-unsafe-enum-assignment',
  'typescript/no-unsafe-enum-comparison',
  'typescript/no-unsafe-function-type',
  'typescript/no-unsafe-member-access',
  'typescript/no-unsafe-return',
  'typescript/only-throw-error',
  'typescript/prefer-literal-enum-member',
  'typescript/prefer-promise-reject-errors',
  'typescript/prefer-reduce-type-parameter',
  'typescript/prefer-return-this-type',
  'typescript/related-getter-setter-pairs',
  'typescript/require-await',
  'typescript/switch-exhaustiveness-check',
  'typescript/unified-signatures',
  'typescript/use-unknown-in-catch-callback-variable',
];

export default defineConfig({
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  plugins: ['typescript'],
  categories: { correctness: 'error' },
  ignorePatterns: ['dist/', 'out/', '.vscode-test/'],
  rules: {
    ...Object.fromEntries(strict.map((rule) => [rule, 'error'])),
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    'typescript/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    'typescript/restrict-plus-operands': ['error', { allowNumberAndString: false }],
    'typescript/restrict-template-expressions': ['error', { allowNumber: true }],
    'typescript/require-array-sort-compare': 'off',
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
  },
  overrides: [
    // What has no types.
    {
      files: ['**/*.mjs'],
      env: { node: true },
      rules: {
        'no-console': 'off',
        ...Object.fromEntries(
          strict.filter((rule) => rule.startsWith('typescript/no-unsafe')).map((rule) => [rule, 'off']),
        ),
      },
    },
    // A promise is awaited, caught, or given to `detached`, which logs.
    { files: ['src/**/*.ts'], rules: { 'no-void': 'error' } },
    ...Object.entries(layers).map(([layer, rule]) => ({
      files: [`src/${layer}/**/*.ts`],
      rules: { 'no-restricted-imports': ['error', { patterns: forbidden(layer, rule) }] },
    })),
    {
      files: ['test/**/*.ts'],
      rules: {
        'no-console': 'off',
        'typescript/no-floating-promises': [
          'error',
          {
            allowForKnownSafeCalls: [
              { from: 'package', package: 'node:test', name: ['test', 'suite', 'describe', 'it'] },
            ],
          },
        ],
      },
    },
  ],
});
