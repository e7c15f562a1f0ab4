/** All ids of the manifest; a test compares the manifest with this file. */

export const commands = {
  compareWithPrevious: 'obby.compareWithPrevious',
  compareWithCurrent: 'obby.compareWithCurrent',
  compareSelected: 'obby.compareSelected',
  compareWithVersion: 'obby.compareWithVersion',
  compareFolder: 'obby.compareFolder',
  compareOlder: 'obby.compareOlder',
  compareNewer: 'obby.compareNewer',
  openVersion: 'obby.openVersion',
  openChangeSet: 'obby.openChangeSet',
  openInDiffEditor: 'obby.openInDiffEditor',
  restoreVersion: 'obby.restoreVersion',
  restoreDeletedFile: 'obby.restoreDeletedFile',
  reviewLosses: 'obby.reviewLosses',
  undoRestore: 'obby.undoRestore',
  undoChanges: 'obby.undoChanges',
  undoChange: 'obby.undoChange',
  createRules: 'obby.createRules',
  restoreRules: 'obby.restoreRules',
  editRules: 'obby.editRules',
  explainFile: 'obby.explainFile',
  watchFile: 'obby.watchFile',
  goToRule: 'obby.goToRule',
  pause: 'obby.pause',
  resume: 'obby.resume',
  scanNow: 'obby.scanNow',
  showGaps: 'obby.showGaps',
  showLog: 'obby.showLog',
  showMenu: 'obby.showMenu',
  showFileHistory: 'obby.showFileHistory',
  labelTime: 'obby.labelTime',
  removeLabel: 'obby.removeLabel',
  pinVersion: 'obby.pinVersion',
  unpinVersion: 'obby.unpinVersion',
  forgetFile: 'obby.forgetFile',
  forget: 'obby.forget',
  checkHistory: 'obby.checkHistory',
  exportHistory: 'obby.exportHistory',
  importHistory: 'obby.importHistory',
  showStorage: 'obby.showStorage',
  showHistories: 'obby.showHistories',
  installCommandLine: 'obby.installCommandLine',
  useHistory: 'obby.useHistory',
  showLineHistory: 'obby.showLineHistory',
  showAllVersions: 'obby.showAllVersions',
  toggleLineAnnotations: 'obby.toggleLineAnnotations',
  searchHistory: 'obby.searchHistory',
  searchSelection: 'obby.searchSelection',
  filterSearch: 'obby.filterSearch',
  cancelSearch: 'obby.cancelSearch',
  clearSearch: 'obby.clearSearch',
} as const;

/** Commands of rows in the views; not in the manifest. */
export const internalCommands = {
  loadMoreHistory: 'obby.loadMoreHistory',
  loadMoreChanges: 'obby.loadMoreChanges',
  loadMoreFiles: 'obby.loadMoreFiles',
  showLineEndings: 'obby.showLineEndings',
  showSearchHit: 'obby.showSearchHit',
  showLineVersion: 'obby.showLineVersion',
} as const;

/** Submenus. */
export const menus = {
  file: 'obby.fileMenu',
  folder: 'obby.folderMenu',
} as const;

export const views = {
  container: 'obby',
  fileHistory: 'obby.fileHistory',
  recentChanges: 'obby.recentChanges',
  search: 'obby.search',
} as const;

/** Context keys for `when` clauses. */
export const contextKeys = {
  /** See `SidebarStateName` in views. */
  state: 'obby.state',
  /** The window has a folder that Obby can record. */
  isEnabled: 'obby.enabled',
  /** See `FileStateName` in views. */
  fileState: 'obby.fileState',
  /** The active editor's file has history. */
  fileHasHistory: 'obby.fileHasHistory',
  /** File History shows the versions of some lines. */
  showsLines: 'obby.showsLines',
  /** At least one folder is paused. */
  isPaused: 'obby.isPaused',
  /** At least one folder has lost its rules, and its history keeps the last ones. */
  canRestoreRules: 'obby.canRestoreRules',
  /** A restore of this window can be undone. */
  canUndoRestore: 'obby.canUndoRestore',
  /** A folder has labels. */
  hasLabels: 'obby.hasLabels',
  /** The view Search shows results. */
  hasSearch: 'obby.hasSearch',
  /** A search of the view is running. */
  isSearching: 'obby.isSearching',
} as const;

export const settings = {
  section: 'obby',
  maxFileSizeMB: 'maxFileSizeMB',
  watcherEngine: 'watcher.engine',
  safeMode: 'safeMode',
  storageLocation: 'storage.location',
  quotaMB: 'storage.quotaMB',
  keepAllDays: 'retention.keepAllDays',
  keepHourlyDays: 'retention.keepHourlyDays',
  diffLayout: 'diff.layout',
  diffEditor: 'diff.editor',
  warnOnMassDeletion: 'warnOnMassDeletion',
  showLineEndingChanges: 'history.showLineEndingChanges',
} as const;

/** The scheme of read-only documents of versions. */
export const versionScheme = 'obby';

/** The scheme of read-only documents of files before and after an undo. */
export const undoScheme = 'obby-undo';

/** The scheme of read-only documents of reports. */
export const reportScheme = 'obby-report';

export const diffPanelType = 'obby.diff';
export const storagePanelType = 'obby.storage';
