"""Credentials: signed or hidden statements in texts and files, read before anything is normalised."""
