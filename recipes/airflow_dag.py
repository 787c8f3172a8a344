"""forecast in Airflow 3: check and predict every night; train, and score, on Sundays.

Copy it to the folder of DAGs. A task fails with the message of the command; exit code 6, rows that
have stopped coming, is tried again for some hours, as they may come late.
"""

from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

FOLDER = "/srv/sales"
FORECAST = f"{FOLDER}/.venv/bin/forecast"
LATE = {"retries": 4, "retry_delay": timedelta(hours=1)}

with DAG("forecast_nightly", schedule="15 2 * * *", start_date=datetime(2024, 1, 1), catchup=False):
    check = BashOperator(
        task_id="check", bash_command=f"{FORECAST} check sales.csv --quiet", cwd=FOLDER
    )
    predict = BashOperator(
        task_id="predict",
        bash_command=f"{FORECAST} predict --quiet --max-staleness 2d",
        cwd=FOLDER,
        **LATE,
    )
    check >> predict

with DAG("forecast_weekly", schedule="45 2 * * 0", start_date=datetime(2024, 1, 1), catchup=False):
    score = BashOperator(task_id="score", bash_command=f"{FORECAST} score", cwd=FOLDER)
    train = BashOperator(
        task_id="train",
        bash_command=f"{FORECAST} train sales.csv --quiet --if-changed --wait 3600",
        cwd=FOLDER,
    )
    score >> train
