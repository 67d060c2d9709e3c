# Also works in the bash 3.2 of macOS: no mapfile, and compopt only if it exists.
_checkpoint_schedules() {
  local line typed=${COMP_WORDS[COMP_CWORD]} paths=
  COMPREPLY=()
  [ "$typed" = = ] && typed=
  while IFS= read -r line; do
    case $line in
      :files) paths=-f ;;
      :directories) paths=-d ;;
      *) COMPREPLY+=("$line") ;;
    esac
  done < <("${COMP_WORDS[0]/#\~/$HOME}" completion bash -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [ -n "$paths" ]; then
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen $paths -- "$typed")
    compopt -o filenames 2>/dev/null
  fi
}
complete -F _checkpoint_schedules checkpoint-schedules
