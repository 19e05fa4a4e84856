"""The stick people of the anonymizers' tests train the little models here."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "anonymizers"))
