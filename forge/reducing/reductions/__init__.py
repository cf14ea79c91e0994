"""What the search tries, one idea a file, in the order in which it tries them.

The coarse ones come first: what they remove, the others need not look at.
"""

from forge.reducing.reductions.arguments import drop_unused_arguments, merge_arguments
from forge.reducing.reductions.attributes import drop_attributes, forget_properties
from forge.reducing.reductions.bypasses import bypass_operations
from forge.reducing.reductions.cuts import cut_operations, free_constants
from forge.reducing.reductions.extents import shrink_extents
from forge.reducing.reductions.functions import drop_functions
from forge.reducing.reductions.operands import drop_operands
from forge.reducing.reductions.regions import unwrap_regions
from forge.reducing.reductions.results import drop_returned_values, return_earlier

REDUCTIONS = {
    "functions": drop_functions,
    "results": drop_returned_values,
    "operations": cut_operations,
    "constants": free_constants,
    "arguments": drop_unused_arguments,
    "bypasses": bypass_operations,
    "earlier-results": return_earlier,
    "operands": drop_operands,
    "equal-arguments": merge_arguments,
    "properties": forget_properties,
    "attributes": drop_attributes,
    "extents": shrink_extents,
    "regions": unwrap_regions,
}
