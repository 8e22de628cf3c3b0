#!/bin/sh
# archive.sh LD OBJCOPY AR OUTPUT FOLDER ARCHIVE…
# One object of all archives, with hidden symbols made local, as an archive.
set -eu
ld=$1 objcopy=$2 ar=$3 output=$4 folder=$5
shift 5
mkdir -p "$folder"
"$ld" -r -o "$folder/all.o" --whole-archive "$@"
"$objcopy" --localize-hidden "$folder/all.o" "$folder/actas.o"
rm -f "$output"
"$ar" rcsD "$output" "$folder/actas.o"
