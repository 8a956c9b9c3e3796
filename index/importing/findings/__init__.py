"""What is told of a feed beside its items: what is wrong by reason, and where its pictures lie."""
