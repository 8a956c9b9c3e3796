"""Parts of cloth and skin, painted with light on a picture."""
