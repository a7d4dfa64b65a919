"""Searches by real workers that are killed: another takes them up, or the best so far is the proposal."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection

from piiri.base import clock as clocks
from piiri.formation import actions
from piiri.formation.models import Forecast, Run
from piiri.formation.tests.factories import world
from piiri.formation.tests.years import short_by_theme

LEASE = 3  # seconds


def start(*, lingers):
    words = ["-m", "piiri.formation.tests.search_process", str(connection.settings_dict["NAME"])]
    command = [sys.executable, *words, str(LEASE), str(lingers)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def wait_until(condition, seconds=240.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


def run_now():
    return Run.objects.get()


def kill_in_the_middle(*, tries):
    """Let a worker begin, and kill it after its first look."""
    process = start(lingers=600)
    try:
        wait_until(lambda: run_now().best and run_now().attempts == tries)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=20)


@pytest.mark.django_db(transaction=True)
def test_a_search_whose_worker_is_killed_is_taken_up_again():
    here = world()
    here.offer()
    here.apply(6)
    actions.ask_for_groups(here.programme, by=here.office, now=clocks.now(), seconds=2)

    kill_in_the_middle(tries=1)
    assert (run_now().state, run_now().proposal) == ("running", {})
    other = start(lingers=0)
    try:
        wait_until(lambda: run_now().done_at)
    finally:
        other.send_signal(signal.SIGTERM)
        other.wait(timeout=20)

    run = run_now()
    assert (run.state, run.interrupted, run.attempts) == ("ready", False, 2)
    assert set(run.proposal["assignment"].values()) == {here.groups[0].uid}


@pytest.mark.django_db(transaction=True)
def test_a_search_that_takes_its_workers_down_every_time_ends_with_the_best_so_far():
    here = world()
    here.offer()
    here.apply(6)
    actions.ask_for_groups(here.programme, by=here.office, now=clocks.now(), seconds=2)

    kill_in_the_middle(tries=1)
    kill_in_the_middle(tries=2)
    best = run_now().best
    other = start(lingers=600)
    try:
        wait_until(lambda: run_now().state == "ready")
    finally:
        other.send_signal(signal.SIGTERM)
        other.wait(timeout=20)

    run = run_now()
    assert (run.interrupted, run.due_at, run.failure) == (True, None, "")
    assert run.proposal["assignment"] == best["assignment"]


@pytest.mark.django_db(transaction=True)
def test_a_forecast_whose_worker_is_killed_is_taken_up_again():
    here, before = short_by_theme()
    actions.ask_for_forecast(here.programme, own=False, by=here.office, now=clocks.now(), seconds=1)

    process = start(lingers=600)
    try:
        wait_until(lambda: Forecast.objects.get().question)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=20)
    assert (Forecast.objects.get().state, Forecast.objects.get().result) == ("running", {})
    other = start(lingers=0)
    try:
        wait_until(lambda: Forecast.objects.get().done_at)
    finally:
        other.send_signal(signal.SIGTERM)
        other.wait(timeout=20)

    forecast = Forecast.objects.get()
    assert (forecast.state, forecast.attempts, forecast.of) == ("ready", 2, before.programme)
    assert (forecast.result["left"], forecast.result["more"][0]["places"]) == (6, 6)
