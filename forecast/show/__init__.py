"""Pictures of what was learned and what is to come; the only room that knows matplotlib."""

from forecast.show.canvas import save
from forecast.show.comparison import Bar, comparison_figure
from forecast.show.folds import folds_figure, skill_figure, steps_figure
from forecast.show.future import forecast_figure
from forecast.show.holdout import holdout_figure
from forecast.show.live import live_figure
from forecast.show.loss import loss_figure
from forecast.show.ranking import panel_figure

__all__ = [
    "Bar",
    "comparison_figure",
    "folds_figure",
    "forecast_figure",
    "holdout_figure",
    "live_figure",
    "loss_figure",
    "panel_figure",
    "save",
    "skill_figure",
    "steps_figure",
]
