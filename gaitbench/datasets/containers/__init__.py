"""Files that hold arrays or other files, opened with care: pickles of arrays, npz, archives."""
