"""A tokenizer for random models: byte-level BPE as Qwen's, trained on the texts it is given."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

#: Qwen's control tokens: end of text (and padding), begin and end of a message.
END_OF_TEXT, BEGIN, END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
#: The chat format of Qwen, and of many others.
CHATML = (Path(__file__).parent / "chatml.j2").read_text(encoding="utf-8")


def train(texts: Iterable[str], vocabulary: int) -> PreTrainedTokenizerFast:
    """Trains a tokenizer. The same texts give the same tokenizer.

    Args:
        texts: What to train on.
        vocabulary: Most tokens, control tokens and the 256 bytes included.
    """
    from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers
    from tokenizers.models import BPE
    from tokenizers.trainers import BpeTrainer
    from transformers import PreTrainedTokenizerFast
    from transformers.models.qwen2.tokenization_qwen2 import PRETOKENIZE_REGEX

    inner = Tokenizer(BPE())
    inner.normalizer = normalizers.NFC()
    inner.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PRETOKENIZE_REGEX), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    inner.decoder = decoders.ByteLevel()
    trainer = BpeTrainer(
        vocab_size=vocabulary,
        show_progress=False,
        special_tokens=[END_OF_TEXT, BEGIN, END],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )
    inner.train_from_iterator(list(texts), trainer)
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=inner,
        eos_token=END,
        pad_token=END_OF_TEXT,
        additional_special_tokens=[BEGIN],
    )
    tokenizer.chat_template = CHATML
    return tokenizer
