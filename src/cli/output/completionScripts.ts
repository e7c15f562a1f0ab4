export const shells = ['bash', 'zsh', 'fish'] as const;

/** What a shell completes. All of it is plain letters, digits, `-` and blanks. */
interface CompletedWords {
  readonly options: readonly string[];
  readonly commands: readonly {
    readonly name: string;
    readonly description: string;
    readonly options: readonly string[];
    readonly words: readonly string[];
  }[];
}

export function completionScript(shell: (typeof shells)[number], words: CompletedWords): string {
  return { bash, zsh, fish }[shell](words);
}

/** Paths are completed by the shell itself. */
function bash({ options, commands }: CompletedWords): string {
  const cases = commands.map(
    (command) => `    ${command.name}) words="${[...command.options, ...options, ...command.words].join(' ')}" ;;`,
  );
  return `# bash completion for obby
_obby() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words="" i
  COMPREPLY=()
  local command=""
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      -*) ;;
      *) command="\${COMP_WORDS[i]}"; break ;;
    esac
  done
  case "$command" in
    "") words="${[...commands.map(({ name }) => name), ...options].join(' ')}" ;;
${cases.join('\n')}
  esac
  if [[ -z "$command" || "$word" == -* || "$command" == plan ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  fi
}
complete -o default -o bashdefault -F _obby obby
`;
}

function zsh({ options, commands }: CompletedWords): string {
  const listed = commands.map(({ name, description }) => `    '${name}:${quoted(description)}'`);
  const cases = commands.map(
    (command) => `    ${command.name}) compadd -- ${[...command.options, ...options, ...command.words].join(' ')} ;;`,
  );
  return `#compdef obby
_obby() {
  local -a commands
  commands=(
${listed.join('\n')}
  )
  local command="" word
  for word in \${words[2,CURRENT-1]}; do
    [[ "$word" == -* ]] || { command="$word"; break; }
  done
  if [[ -z "$command" ]]; then
    _describe command commands
    compadd -- ${options.join(' ')}
    return
  fi
  case "$command" in
${cases.join('\n')}
  esac
  _files
}
if [[ "$funcstack[1]" == "_obby" ]]; then _obby "$@"; else compdef _obby obby; fi
`;
}

function fish({ options, commands }: CompletedWords): string {
  const unnamed = 'not __fish_seen_subcommand_from ' + commands.map(({ name }) => name).join(' ');
  const lines = commands.flatMap(({ name, description, options: own, words }) => [
    `complete -c obby -f -n '${unnamed}' -a ${name} -d '${quoted(description)}'`,
    ...own.map((option) => `complete -c obby -n '__fish_seen_subcommand_from ${name}' ${fishOption(option)}`),
    ...words.map((word) => `complete -c obby -n '__fish_seen_subcommand_from ${name}' -a ${word}`),
  ]);
  return [
    '# fish completion for obby',
    ...options.map((option) => `complete -c obby ${fishOption(option)}`),
    ...lines,
    '',
  ].join('\n');
}

function fishOption(option: string): string {
  return option.startsWith('--') ? `-l ${option.slice(2)}` : `-s ${option.slice(1)}`;
}

function quoted(text: string): string {
  return text.replaceAll("'", '’').replaceAll('$', '');
}
