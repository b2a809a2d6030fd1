#!/usr/bin/env bash
# Has a whisper.cpp server as the upstream of a router, and holds what comes back against the recording's words.
#
#   whisper-cpp-upstream.sh CHECKOUT WEIGHTS RECORDING WORDS
#
# CHECKOUT   a checkout of https://github.com/ggml-org/whisper.cpp that is built (see whisper-cpp.sh)
# WEIGHTS    a ggml file, such as ggml-base-q8_0.bin
# RECORDING  a WAV file
# WORDS      some words, lower case, that its transcript must have
set -euo pipefail

[ $# -eq 4 ] || { sed -n '2,/^set/p' "$0" | grep '^#' | cut -c 3- >&2; exit 2; }
server=$(cd "$1" && pwd)/build/bin/whisper-server
weights=$(realpath "$2")
recording=$(realpath "$3")
words=$4
root=$(cd "$(dirname "$0")/../../.." && pwd)

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
free() { local port=$((20000 + RANDOM % 20000)); while listens "$port"; do port=$((port + 1)); done; echo "$port"; }
await() {
  for ((i = 0; i < 300; i++)); do
    kill -0 "$1" 2>/dev/null || { tail -n 20 "$3" >&2; echo "process $1 ended" >&2; exit 1; }
    ! listens "$2" || return 0
    sleep 0.2
  done
  echo "nothing listens at $2 after a minute" >&2
  exit 1
}

folder=$(mktemp -d)
pids=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
  rm -rf "$folder"
}
trap stop EXIT

upstream=$(free)
(cd "$folder" && exec "$server" -m "$weights" --host 127.0.0.1 --port "$upstream" --inference-path /v1/audio/transcriptions) >"$folder/upstream.log" 2>&1 &
pids+=($!)
await $! "$upstream" "$folder/upstream.log"

cat >"$folder/mesh.json" <<JSON
{
  "upstreams": [{
    "name": "whisper-cpp",
    "address": "http://127.0.0.1:$upstream/v1",
    "models": [{ "id": "base", "as": "whisper-cpp", "features": ["transcribe", "word-timestamps"], "autoLanguage": "auto" }]
  }],
  "tenants": { "*": { "upstreams": ["whisper-cpp"] } }
}
JSON

dotnet build "$root/src/WhisperMesh.Router" -v quiet -nologo
router=$(free)
Router__ConfigurationPath=$folder/mesh.json Endpoints__HttpPort=$router Endpoints__GrpcPort=$(free) \
  dotnet run --no-build --project "$root/src/WhisperMesh.Router" >"$folder/router.log" 2>&1 &
pids+=($!)
await $! "$router" "$folder/router.log"

ask() { curl -sS --fail-with-body -D "$folder/headers" "http://127.0.0.1:$router/v1/audio/transcriptions" -F "file=@$recording" -F model=whisper-cpp "$@"; }
reply=$(ask -F response_format=verbose_json -F 'timestamp_granularities[]=word' -F 'timestamp_granularities[]=segment')
echo "$reply"
grep -qi '^x-whispermesh-external: true' "$folder/headers" || { echo "the reply does not say that the audio left the mesh" >&2; exit 1; }
text=$(echo "$reply" | python3 -c 'import json,sys; r=json.load(sys.stdin); assert r["segments"] and r["words"] and r["duration"] > 0; print(r["text"].lower())')
case $text in *"$words"*) ;; *) echo "'$words' is not in: $text" >&2; exit 1 ;; esac
ask -F response_format=srt
echo "whisper.cpp serves as an upstream"
