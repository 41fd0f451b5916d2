"""Spark and Polars judge alike, row for row."""

from __future__ import annotations

import os
import shutil
import sys

import polars as pl
import pytest
from audit_kit import practice
from practice_kit import practice as practice_of_checks
from practice_kit import random_practice
from test_audit_days import days

from everyunit.audit import Inputs, count_units, judge
from everyunit.frames import polars
from everyunit.rulebook import Book

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]


@pytest.fixture(scope="module")
def spark():
    if shutil.which("java") is None:
        pytest.skip("Java is not on this machine")
    session = pytest.importorskip("pyspark.sql", reason="the spark extra is not installed").SparkSession
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings = {
        "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "1", "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1", "spark.driver.memory": "1g", "spark.sql.adaptive.enabled": "false",
        "spark.log.level": "ERROR", "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    }  # fmt: skip
    builder = session.builder.master("local[2]").appName("everyunit-tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    yield made
    made.stop()


def on_spark(session, frame: pl.DataFrame):
    kinds = {pl.String: "string", pl.Int64: "bigint", pl.Int32: "int", pl.Boolean: "boolean"}
    shape = ", ".join(f"`{name}` {kinds[kind]}" for name, kind in frame.schema.items())
    return session.createDataFrame(frame.rows(), schema=shape)


def test_units_are_counted_alike(spark):
    facts = days(3, patients=12)
    frame = facts.frames()["services"].select(
        day_key=pl.col("visit_id"), rule=pl.lit("cms"), code="code", minutes="minutes", seq="seq"
    )
    frame = pl.concat([frame, frame.with_columns(rule=pl.lit("ama"))])
    order = ["day_key", "rule", "code"]
    here = polars(count_units(frame, Book.load().codes())).sort(order)
    there = polars(count_units(on_spark(spark, frame), Book.load().codes())).sort(order)
    assert here.height > 40
    assert here.equals(there)


def test_days_that_cannot_be_counted_have_no_units(spark):
    rows = [
        ("a", "cms", "97110", 15),
        ("b", "other", "97110", 15),
        ("c", "ama", "97110", -1),
        ("c", "ama", "97140", 15),
    ]
    given = pl.DataFrame(rows, schema=["day_key", "rule", "code", "minutes"], orient="row")
    found = polars(count_units(on_spark(spark, given), Book.load().codes())).sort("day_key", "code")
    assert found.select("day_key", "rule", "code", "earned_units").rows() == [
        ("a", "cms", "97110", 1), ("b", "other", "97110", None), ("c", "ama", "97110", None),
        ("c", "ama", "97140", None),
    ]  # fmt: skip


def test_days_are_judged_alike(spark):
    frames = days(5, patients=9).frames()
    here = judge(Inputs(**frames), practice(), Book.load())
    there = judge(Inputs(**{name: on_spark(spark, frame) for name, frame in frames.items()}), practice(), Book.load())
    assert here.findings.height > 15
    assert here.findings.equals(there.findings)
    assert here.visit_values.equals(there.visit_values)
    assert here.counts == there.counts


def test_every_check_sees_alike(spark):
    """Row by row, words and cents, on a practice that holds most kinds."""
    frames = random_practice(31, patients=14).frames()
    here = judge(Inputs(**frames), practice_of_checks(), Book.load())
    brought = {name: on_spark(spark, frame) for name, frame in frames.items()}
    there = judge(Inputs(**brought), practice_of_checks(), Book.load())
    assert here.findings["kind"].n_unique() > 40
    assert here.findings.equals(there.findings)
    assert here.visit_values.equals(there.visit_values)
