#!/usr/bin/env bash
# Serves a quantised model with llama.cpp, on a GPU or without one, at http://localhost:PORT.
#
#   docs/serve_llama_cpp.sh MODEL.gguf [SPECIALIST.gguf]
#
# The specialist is a LoRA adapter: python convert_lora_to_gguf.py ADAPTER_DIR --base BASE_DIR
# (a script of llama.cpp). It is loaded, and used by the requests that ask for it: see
# docs/reproduce-32b.md. PORT, EPISODES (conversations at a time) and CONTEXT (tokens of each) may be
# set in the environment.
set -euo pipefail

MODEL=$1
PORT=${PORT:-8000}
EPISODES=${EPISODES:-4}
CONTEXT=${CONTEXT:-16384}

ADAPTER=()
if [ $# -gt 1 ]; then
    ADAPTER=(--lora "$2" --lora-init-without-apply)
fi

# The context is shared by the conversations. --jinja takes the chat template of the model's file.
exec llama-server \
    --model "$MODEL" --alias qwen \
    --host 127.0.0.1 --port "$PORT" \
    --n-gpu-layers 99 \
    --parallel "$EPISODES" --ctx-size $((EPISODES * CONTEXT)) \
    --jinja \
    "${ADAPTER[@]}"
