#!/bin/sh
# attached.sh COMMAND...: runs COMMAND and stops it as soon as our standard input closes, which it does however the caller ends.
# Ctrl-C reaches everything at the terminal at once; the caller decides in which order to stop, so it is ignored here.
trap '' INT
exec 3<&0
"$@" < /dev/null 3<&- &
child=$!
{ while read -r _ <&3; do :; done; kill -TERM "$child"; } 2> /dev/null &
watcher=$!
trap 'kill -TERM "$child" 2> /dev/null' TERM
wait "$child"
code=$?
# A signal ends the first wait before the child has ended.
while kill -0 "$child" 2> /dev/null; do wait "$child"; code=$?; done
kill "$watcher" 2> /dev/null
exit "$code"
