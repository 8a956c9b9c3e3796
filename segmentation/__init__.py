"""Photo bytes in, garments out."""

import os

# OpenMP reads it when torch or FAISS is loaded. A thread that waits for work sleeps; it would spin, on the core
# that another request or program needs: beside other work a photo took four times the processor time.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
