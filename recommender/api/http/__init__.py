"""What the routes share: bodies, the queue before the models, problems."""
