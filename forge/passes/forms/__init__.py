"""The patterns of `apply-forms`, one a file: each builds what one field of a form asks for."""
