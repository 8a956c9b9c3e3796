"""The figure that garments hang on."""
