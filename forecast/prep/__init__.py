"""From a panel to what a network can eat: the plan, the split in time, the scale, the windows."""

from forecast.prep.folds import Folds, make_folds
from forecast.prep.identity import IDENTITY, identify
from forecast.prep.part import part_of
from forecast.prep.plan import Plan, count_steps, make_plan, resolve, usual_horizon
from forecast.prep.scale import fit_scale, match_scale
from forecast.prep.split import Split, split_panel
from forecast.prep.transform import choose_transform, transform_panel
from forecast.prep.units import ZERO, Units
from forecast.prep.windows import Cutoffs, gather, last_cutoffs, origins, supervised_cutoffs

__all__ = [
    "IDENTITY",
    "ZERO",
    "Cutoffs",
    "Folds",
    "Plan",
    "Split",
    "Units",
    "choose_transform",
    "count_steps",
    "fit_scale",
    "gather",
    "identify",
    "last_cutoffs",
    "make_folds",
    "make_plan",
    "match_scale",
    "origins",
    "part_of",
    "resolve",
    "split_panel",
    "supervised_cutoffs",
    "transform_panel",
    "usual_horizon",
]
