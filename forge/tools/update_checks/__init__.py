"""`forge-update-checks`: write the CHECK lines of lit tests from what their programs print."""
