"""Words that lead a reader through the page: questions, what tables say, what words mean."""
