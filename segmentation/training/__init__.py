"""Training and evaluation of the detector; serving never imports it."""
