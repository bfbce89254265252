// The law of house.md §3: which room of the server may import which. Checked by `npm run check`.
const room = (name) => `^server/src/${name}/`
const PACKAGES = {
  dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'core'],
}

/** A room may import itself and the listed places under server/src, and nothing else there. */
const mayImport = (name, allowed) => ({
  name: `${name}-imports`,
  comment: `${name} may import only itself and: ${allowed.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: room(name), pathNot: '\\.test\\.ts$' },
  to: { path: '^server/src/', pathNot: [room(name), ...allowed.map((place) => `^server/src/${place}/`)] },
})

/** A room that must stay free of packages and Node modules. */
const pure = (name) => ({
  name: `${name}-is-pure`,
  severity: 'error',
  from: { path: room(name), pathNot: '\\.test\\.ts$' },
  to: PACKAGES,
})

module.exports = {
  forbidden: [
    mayImport('domain', []),
    mayImport('application', ['domain']),
    mayImport('storage', ['application/ports', 'domain', 'platform']),
    mayImport('channels', ['application/ports', 'domain', 'platform']),
    mayImport('dialects', ['application', 'domain', 'platform']),
    mayImport('delivery', ['application', 'domain', 'platform']),
    mayImport('jobs', ['application', 'domain', 'platform']),
    mayImport('platform', []),
    pure('domain'),
    pure('application'),
    {
      name: 'no-other-dialect',
      severity: 'error',
      from: { path: '^server/src/dialects/([^/]+)/' },
      to: { path: '^server/src/dialects/[^/]+/', pathNot: '^server/src/dialects/$1/' },
    },
    {
      name: 'no-other-channel',
      severity: 'error',
      from: { path: '^server/src/channels/([^/]+)/' },
      to: { path: '^server/src/channels/[^/]+/', pathNot: '^server/src/channels/$1/' },
    },
    {
      name: 'nobody-imports-main',
      severity: 'error',
      from: { path: '^server/src/', pathNot: '^server/src/main/' },
      to: { path: '^server/src/main/' },
    },
    {
      name: 'widget-core-imports-itself',
      comment: 'the core of the widget knows no DOM, no Preact, no package',
      severity: 'error',
      from: { path: '^widget/src/core/' },
      to: { pathNot: '^widget/src/core/' },
    },
    {
      name: 'widget-view-imports',
      comment: 'components know the core and Preact; sockets, storage and mounting are the embedding’s',
      severity: 'error',
      from: { path: '^widget/src/view/' },
      to: { path: '^widget/src/embed/' },
    },
    {
      name: 'loader-is-small',
      comment: 'the loader is on every page view: it never takes the panel with it',
      severity: 'error',
      from: { path: '^widget/src/embed/(loader|gate|launcher|look)\\.ts$' },
      to: { path: '^widget/src/view/|node_modules', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workspaces-apart',
      comment: 'what clients share with the server is the wire',
      severity: 'error',
      from: { path: '^(server|inbox|widget)/' },
      to: { path: '^(server|inbox|widget|e2e)/', pathNot: '^$1/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^(server|widget)/src/', pathNot: ['\\.d\\.ts$', '\\.test\\.ts$'] },
      to: {},
    },
    {
      name: 'no-vague-names',
      severity: 'error',
      from: {},
      to: {
        path: '^(server|widget)/.*/(utils|helpers|common|shared|misc)(/|\\.tsx?$)',
        pathNot: 'node_modules',
      },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'server/tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^widget/dist' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
