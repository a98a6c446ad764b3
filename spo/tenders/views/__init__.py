"""Score: buyers run a tender, suppliers submit orders, the panel scores them."""
