#!/usr/bin/env bash
# Serves one copy of the weights under two names: the base, and the memory specialist (a LoRA
# adapter). Both speak the Messages API and chat completions at http://localhost:PORT.
#
#   docs/serve_vllm.sh ADAPTER_DIR          # the pair
#   docs/serve_vllm.sh                      # the base alone
#
# MODEL, PORT, RANK (the adapter's, 128 or 256), CONTEXT and MEMORY (share of the GPU) may be set in
# the environment; what follows ADAPTER_DIR is passed on to vLLM.
#
# vLLM pins a torch of its own, so it lives in an environment of its own, beside .venv.
set -euo pipefail

MODEL=${MODEL:-Qwen/Qwen2.5-32B-Instruct}
PORT=${PORT:-8000}
RANK=${RANK:-256}
CONTEXT=${CONTEXT:-16384}
MEMORY=${MEMORY:-0.95}
HOME_OF_VLLM=${HOME_OF_VLLM:-.venv-vllm}

if [ ! -x "$HOME_OF_VLLM/bin/vllm" ]; then
    python3 -m venv "$HOME_OF_VLLM"
    "$HOME_OF_VLLM/bin/pip" install 'vllm>=0.11'
fi

ADAPTER=()
if [ $# -gt 0 ]; then
    # One adapter at a time in GPU memory: each further one would take room of this rank.
    ADAPTER=(--enable-lora --max-lora-rank "$RANK" --max-loras 1 --lora-modules "specialist=$1")
    shift
fi

# --generation-config vllm: Qwen's own file would add top_k 20 and a repetition penalty of 1.05 to
#   every request, which the paper's temperature of 1.0 does not say.
# --enable-prompt-tokens-details: tells how many tokens of a prompt the prefix cache held.
exec "$HOME_OF_VLLM/bin/vllm" serve "$MODEL" \
    --host 127.0.0.1 --port "$PORT" \
    --dtype bfloat16 \
    --max-model-len "$CONTEXT" \
    --gpu-memory-utilization "$MEMORY" \
    --generation-config vllm \
    --enable-prefix-caching \
    --enable-prompt-tokens-details \
    "${ADAPTER[@]}" "$@"
