"""Any recognizer as attacker, by its embeddings or its distances."""
