"""How the sample boutique is drawn: its stock, its outfits, its pictures."""
