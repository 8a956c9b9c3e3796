"""What one step of contrastive training works on."""
