"""How many bytes the tensors of this process hold."""

from __future__ import annotations

import gc


def held_bytes() -> int:
    """Bytes of all tensors that Python knows of; what several share counts once."""
    import torch

    gc.collect()
    sizes: dict[tuple[str, int], int] = {}
    for thing in gc.get_objects():
        # Asked by type: isinstance runs code of whatever else lives here.
        if issubclass(type(thing), torch.Tensor) and thing.layout is torch.strided:
            storage = thing.untyped_storage()
            if thing.device.type != "meta":
                sizes[str(thing.device), storage.data_ptr()] = storage.nbytes()
    return sum(sizes.values())
