// The layers of src: each may import only from those before it.
const layers = ['territory', 'files', 'query', 'stats', 'store', 'proxy', 'data', 'pipelines', 'packages', 'api'];

const forbidden = layers.map((layer, i) => ({
  name: `${layer}-imports-a-later-layer`,
  comment: `src/${layer} may import only from ${layers.slice(0, i).join(', ') || 'itself'}`,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: { path: `^src/(?!(${layers.slice(0, i + 1).join('|')})/)` },
}));

module.exports = {
  forbidden: [
    ...forbidden,
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-has-no-dependency',
      comment: 'src/territory takes bytes and iterables and returns them: no package, no I/O',
      severity: 'error',
      from: { path: '^src/territory/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'core'] },
    },
    {
      name: 'query-has-no-io',
      comment: 'src/query turns bytes into bytes',
      severity: 'error',
      from: { path: '^src/query/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(buffer)$' },
    },
    { name: 'not-to-test', severity: 'error', from: { path: '^src/' }, to: { path: '^(test|scripts)/' } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
