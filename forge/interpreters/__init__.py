"""Reference semantics: what a program means, computed by PyTorch.

`run(module, weights, inputs)` runs `@main` of a program at any level, or of a mixture of levels.
A dialect says what its operations mean in the module of its own name in this package:

    @interprets(transformer.LinearOp)
    def linear(op: transformer.LinearOp, values: Values) -> torch.Tensor:
        y = F.linear(values[op.input], values[op.weight], values.optional(op.bias))
        ...

The function returns the result, or a sequence of them. `values[v]` is the tensor of an operand,
`values.optional(v)` takes `None` as well, `values.weights` is the weight store. The module is
imported when the first operation of its dialect is met; nothing else registers it.
"""

from forge.interpreters.evaluation import random_inputs, run
from forge.interpreters.registry import Values, interprets

__all__ = ["Values", "interprets", "random_inputs", "run"]
