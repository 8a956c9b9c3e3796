"""Training and measuring the compatibility model; serving never imports it."""
