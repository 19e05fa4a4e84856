"""The stick people of the anonymizers' tests are wanted here too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "anonymizers"))
