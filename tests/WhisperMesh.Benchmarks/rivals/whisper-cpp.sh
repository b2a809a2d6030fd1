#!/usr/bin/env bash
# Runs the benchmarks with whisper.cpp beside our engine, in the same process run and on the same files.
#
#   whisper-cpp.sh CHECKOUT WEIGHTS [ARGUMENT...]
#
# CHECKOUT  a checkout of https://github.com/ggml-org/whisper.cpp; built here unless it is (Release, for this processor)
# WEIGHTS   a ggml file, such as ggml-base-q8_0.bin
# ARGUMENT  for the benchmarks: scenarios and options; "short" by default
#
# Two rivals come of one server: "whisper.cpp", and "whisper.cpp-plain", which writes no timestamps and is faster for it.
# WHISPER_CPP_THREADS    threads, all cores by default
# WHISPER_CPP_ARGUMENTS  more arguments for the server; greedy decoding (-bs 1 -bo 1) is always on
# WHISPER_CPP_RIVALS     "both" (the default), "timed" or "plain"
set -euo pipefail

[ $# -ge 2 ] || { sed -n '2,/^set/p' "$0" | grep '^#' | cut -c 3- >&2; exit 2; }
checkout=$(cd "$1" && pwd)
weights=$(realpath "$2")
shift 2
[ $# -gt 0 ] || set -- short
project=$(cd "$(dirname "$0")/.." && pwd)
server=$checkout/build/bin/whisper-server
threads=${WHISPER_CPP_THREADS:-$(nproc)}
path=/v1/audio/transcriptions

if [ ! -x "$server" ]; then
  cmake -S "$checkout" -B "$checkout/build" -DCMAKE_BUILD_TYPE=Release -DGGML_NATIVE=ON -DWHISPER_BUILD_TESTS=OFF
  cmake --build "$checkout/build" --target whisper-server -j "$(nproc)"
fi

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

port=$((20000 + RANDOM % 20000))
while listens "$port"; do port=$((port + 1)); done

log=$(mktemp)
# shellcheck disable=SC2086 # several arguments in one variable
"$server" -m "$weights" -t "$threads" -bs 1 -bo 1 --host 127.0.0.1 --port "$port" --inference-path "$path" \
  ${WHISPER_CPP_ARGUMENTS:-} >"$log" 2>&1 &
pid=$!
stop() {
  kill "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  rm -f "$log"
}
trap stop EXIT

# It listens once its model is loaded.
for ((i = 0; i < 300; i++)); do
  kill -0 "$pid" 2>/dev/null || { tail -n 20 "$log" >&2; echo "whisper-server ended" >&2; exit 1; }
  ! listens "$port" || break
  sleep 0.2
done
listens "$port" || { echo "whisper-server does not listen after a minute" >&2; exit 1; }

url=http://127.0.0.1:$port$path
rivals=()
case ${WHISPER_CPP_RIVALS:-both} in both | timed) rivals+=(--rival "whisper.cpp=$url") ;; esac
case ${WHISPER_CPP_RIVALS:-both} in both | plain) rivals+=(--rival "whisper.cpp-plain=$url#no_timestamps=true") ;; esac

echo "whisper.cpp $(git -C "$checkout" rev-parse --short HEAD 2>/dev/null || echo "of unknown commit"), $(basename "$weights"), $threads threads"
dotnet run -c Release --project "$project" -- "$@" "${rivals[@]}"
