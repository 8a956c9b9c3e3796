"""What `train` and `evaluate` do, model by model."""
