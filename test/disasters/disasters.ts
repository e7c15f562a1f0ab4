import { byShell, type Disaster } from './disaster';

export const disasters: readonly Disaster[] = [
  byShell('git reset --hard', 'microsoft/vscode#95332', 'git reset -q --hard'),
  byShell('git clean -fdx', 'github/copilot-cli#1675', 'git clean -qfdx'),
];
