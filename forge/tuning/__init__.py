"""Search for the forms that a platform's compiler likes best."""
