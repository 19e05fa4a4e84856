"""One kind of fault, one file: facts in, findings out."""
