"""What the lab printed: tables, figures and files."""
