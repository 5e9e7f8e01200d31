"""Chat templates in the forms that real models have, and tokenizers that know their marks."""

from tokenizers import AddedToken
from transformers import PreTrainedTokenizerFast

from agents.backends.local.random_tokenizer import CHATML, train

#: Headers around roles, each text stripped, as Llama 3.
LLAMA = (
    "{{ '<|begin_of_text|>' }}{% for m in messages %}"
    "{{ '<|start_header_id|>' + m['role'] + '<|end_header_id|>\n\n' }}"
    "{{ m['content'] | trim }}{{ '<|eot_id|>' }}{% endfor %}"
    "{% if add_generation_prompt %}"
    "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
)
#: No system role, and no mark before an answer but the end of the question, as Mistral.
MISTRAL = (
    "{{ '<s>' }}{% for m in messages %}"
    "{% if m['role'] == 'user' %}{{ '[INST] ' + m['content'] + ' [/INST]' }}"
    "{% elif m['role'] == 'assistant' %}{{ m['content'] + '</s>' }}"
    "{% else %}{{ raise_exception('Only user and assistant roles are supported!') }}"
    "{% endif %}{% endfor %}"
)
#: ChatML that says which part is generated.
GENERATION = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' }}"
    "{% if m['role'] == 'assistant' %}"
    "{% generation %}{{ m['content'] + '<|im_end|>' }}{% endgeneration %}"
    "{% else %}{{ m['content'] + '<|im_end|>' }}{% endif %}{{ '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
#: Template and control tokens by name; the last one ends an answer.
TEMPLATES: dict[str, tuple[str, tuple[str, ...]]] = {
    "chatml": (CHATML, ("<|im_start|>", "<|im_end|>")),
    "llama": (
        LLAMA,
        ("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
    ),
    "mistral": (MISTRAL, ("<s>", "[INST]", "[/INST]", "</s>")),
    "generation": (GENERATION, ("<|im_start|>", "<|im_end|>")),
}


def tokenizer_of(name: str, texts: list[str]) -> PreTrainedTokenizerFast:
    """A tokenizer with the template and control tokens of that name."""
    template, marks = TEMPLATES[name]
    tokenizer = train(texts, 512)
    tokenizer.add_tokens([AddedToken(mark, special=True, normalized=False) for mark in marks])
    tokenizer.eos_token = marks[-1]
    tokenizer.chat_template = template
    return tokenizer
