"""Folders and repositories as pipelines leave them behind."""

import json
import os
import subprocess

import pytest


def rows(count, share=0.0, tag="", origin="synthetic", tagged=True):
    """JSON Lines, the first rows of them of `origin`."""
    made = round(count * share)
    said = [{"text": f"a text {at} {tag}"} | ({"lt_origin": origin if at < made else "human"} if tagged else {}) for at in range(count)]
    return "".join(json.dumps(each) + "\n" for each in said)


def manifest(generation, human, synthetic, **more):
    """A manifest as `longtail mix` writes it."""
    return json.dumps({"generation": generation, "rows": human + synthetic, "origins": {"human": human, "synthetic": synthetic}} | more)


class Folder:
    def __init__(self, path):
        self.path = path

    def write(self, name, content):
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
        return target

    def remove(self, name):
        (self.path / name).unlink()


class Repository(Folder):
    """A repository whose commits are a month apart."""

    def __init__(self, path):
        super().__init__(path)
        self.made = 0
        self.git("init", "-q", ".")

    def git(self, *arguments, **environment):
        named = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
        run = subprocess.run(
            ["git", "-C", str(self.path), *named, *arguments], check=True, capture_output=True, env={**os.environ, **environment}
        )
        return run.stdout.decode().strip()

    def commit(self, subject, tag=None, date=None):
        self.made += 1
        when = date or f"2024-{self.made:02d}-01T00:00:00Z"
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", subject, GIT_COMMITTER_DATE=when, GIT_AUTHOR_DATE=when)
        if tag:
            self.git("tag", tag)
        return self.git("rev-parse", "--short=7", "HEAD")


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path)


@pytest.fixture
def six(repository):
    """Six commits: synthetic rows from the third on, at 40 %, and the training set gone at the fourth."""
    for at, share in enumerate([0, 0, 0.4, None, 0.6, 0.7], start=1):
        if share is None:
            repository.remove("data/train.jsonl")
        else:
            repository.write("data/train.jsonl", rows(50, share, tag=str(at)))
        repository.commit(f"v{at}: next data")
    return repository
