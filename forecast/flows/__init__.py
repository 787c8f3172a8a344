"""The jobs: straight lines from room to room."""
