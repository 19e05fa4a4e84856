"""How sure a figure is: resampling, intervals of rates, many tests at once, power."""
