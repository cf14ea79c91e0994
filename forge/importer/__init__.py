"""From PyTorch to the `aten` dialect: the only code that touches `torch.fx`.

`capture` exports a module, `import_program` turns the exported program into `func.func @main`.

| module | what it does |
|---|---|
| `capture` | `nn.Module` → `ExportedProgram`, or one clear error |
| `program` | the function's arguments, results, nested structures; the order of the steps |
| `specialize_shapes` | fixed sizes for a program that was exported for several |
| `support` | refuses by name what no program of fixed shape can say |
| `mutation` | in-place operators: functional variants, or PyTorch's functionalization |
| `weights` | parameters, buffers and constants: their names and their store |
| `nodes` | one graph node → one operation |
| `arguments` | schema arguments → operands and properties |
| `decompositions` | an operator outside the dialect → the graph of its decomposition |
| `types`, `locations`, `structure` | fake tensors → types, stack traces → locations, pytrees |
| `dynamo_graph` | what a graph of `torch.compile` does besides computing; a module without it |
| `operators`, `quiet` | PyTorch's operators and nodes, typed; its tracer, silenced |
"""

from forge.importer.capture import capture
from forge.importer.program import ImportedProgram, import_program
from forge.importer.specialize_shapes import complete_shapes, specialize_shapes

__all__ = [
    "ImportedProgram",
    "capture",
    "complete_shapes",
    "import_program",
    "specialize_shapes",
]
