#!/bin/sh
# attached.sh COMMAND...: runs COMMAND and stops it as soon as our standard input closes, which happens however the caller ends.
# Ctrl-C reaches every process of the terminal at once. It is ignored here, because the caller decides the order in which to stop.
trap '' INT
exec 3<&0
"$@" < /dev/null 3<&- &
child=$!
{ while read -r _ <&3; do :; done; kill -TERM "$child"; } 2> /dev/null &
watcher=$!
trap 'kill -TERM "$child" 2> /dev/null' TERM
wait "$child"
code=$?
# A signal interrupts the first wait before the child has ended.
while kill -0 "$child" 2> /dev/null; do wait "$child"; code=$?; done
kill "$watcher" 2> /dev/null
exit "$code"
