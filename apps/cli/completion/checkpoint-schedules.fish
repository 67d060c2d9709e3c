function __checkpoint_schedules_complete
  set -l words (commandline -opc)
  set -l typed (commandline -ct)
  set -l path (string replace -r -- '^--[^=]*=' '' "$typed")
  set -l flag (string sub -l (math (string length -- "$typed") - (string length -- "$path")) -- "$typed")
  for line in ($words[1] completion fish -- $words[2..-1] "$typed" 2>/dev/null)
    switch $line
      case :files
        __fish_complete_path "$path" | string replace -r -- '^' "$flag"
      case :directories
        __fish_complete_directories "$path" | string replace -r -- '^' "$flag"
      case '*'
        echo -- $line
    end
  end
end
complete -c checkpoint-schedules -f -a '(__checkpoint_schedules_complete)'
