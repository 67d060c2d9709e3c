#compdef checkpoint-schedules
_checkpoint_schedules() {
  local line paths
  local -a candidates
  while IFS= read -r line; do
    case $line in
      :files) paths=files ;;
      :directories) paths=directories ;;
      *) candidates+=("$line") ;;
    esac
  done < <("${(@)words[1]/#\~/$HOME}" completion zsh -- "${(@)words[2,CURRENT]}" 2>/dev/null)
  (( $#candidates )) && _describe -t values value candidates
  [[ -n $paths ]] && compset -P '--*='
  case $paths in
    files) _files ;;
    directories) _files -/ ;;
  esac
}
if [[ $funcstack[1] = _checkpoint_schedules ]]; then
  _checkpoint_schedules "$@"
else
  compdef _checkpoint_schedules checkpoint-schedules
fi
