"""Networks compiled for this processor, chosen by measurement."""
