"""What `compress-weights` makes of a weight: `short_weight` has the forms and how they widen."""
