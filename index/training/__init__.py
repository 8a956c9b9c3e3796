"""Training and evaluation of the encoder; serving never imports it."""
