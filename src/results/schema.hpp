#pragma once

#include <array>

namespace hypnos {

/// "Hypn": SQLite's application_id of our databases.
inline constexpr int application_id = 0x4879706e;

/// Every change of the tables counts it up.
inline constexpr int schema_version = 6;

/// Each step turns the tables of one version into those of the next; the first step makes them. A
/// trial gets into `trials` when it is done, together with all that belongs to it. docs/studies.md
/// explains the columns.
inline constexpr std::array<const char*, schema_version> schema_steps = {
    R"sql(
CREATE TABLE studies (
  name TEXT PRIMARY KEY,
  answers TEXT NOT NULL,
  plan TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE planned (
  study TEXT NOT NULL REFERENCES studies,
  position INTEGER NOT NULL,
  trial TEXT NOT NULL,
  PRIMARY KEY (study, position)
) WITHOUT ROWID;

CREATE TABLE trials (
  id TEXT PRIMARY KEY,
  configuration TEXT NOT NULL,
  data TEXT NOT NULL,
  fraction REAL,
  per_class INTEGER,
  keep TEXT,
  protocol TEXT NOT NULL,
  epochs INTEGER NOT NULL,
  sleep TEXT,
  seed INTEGER NOT NULL,
  samples INTEGER NOT NULL,
  sleep_end TEXT,
  sleep_steps INTEGER,
  gain REAL,
  failure TEXT,
  program TEXT NOT NULL,
  machine TEXT NOT NULL,
  finished TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE measurements (
  trial TEXT NOT NULL REFERENCES trials,
  moment TEXT NOT NULL,
  samples INTEGER NOT NULL,
  accuracy REAL NOT NULL,
  balanced_accuracy REAL NOT NULL,
  macro_f1 REAL NOT NULL,
  geometric_mean REAL NOT NULL,
  PRIMARY KEY (trial, moment)
) WITHOUT ROWID;

CREATE TABLE classes (
  trial TEXT NOT NULL REFERENCES trials,
  moment TEXT NOT NULL,
  class INTEGER NOT NULL,
  samples INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  precision REAL NOT NULL,
  recall REAL NOT NULL,
  f1 REAL NOT NULL,
  PRIMARY KEY (trial, moment, class)
) WITHOUT ROWID;

CREATE TABLE confusions (
  trial TEXT NOT NULL REFERENCES trials,
  moment TEXT NOT NULL,
  truth INTEGER NOT NULL,
  answer INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (trial, moment, truth, answer)
) WITHOUT ROWID;

CREATE TABLE activity (
  trial TEXT NOT NULL REFERENCES trials,
  layer INTEGER NOT NULL,
  units INTEGER NOT NULL,
  spikes INTEGER NOT NULL,
  rate REAL NOT NULL,
  threshold REAL,
  PRIMARY KEY (trial, layer)
) WITHOUT ROWID;

CREATE TABLE weights (
  trial TEXT NOT NULL REFERENCES trials,
  moment TEXT NOT NULL,
  layer INTEGER NOT NULL,
  mean REAL NOT NULL,
  deviation REAL NOT NULL,
  low REAL NOT NULL,
  high REAL NOT NULL,
  positive REAL NOT NULL,
  sparsity REAL NOT NULL,
  strengthened INTEGER,
  weakened INTEGER,
  PRIMARY KEY (trial, moment, layer)
) WITHOUT ROWID;

CREATE TABLE durations (
  trial TEXT NOT NULL REFERENCES trials,
  what TEXT NOT NULL,
  seconds REAL NOT NULL,
  PRIMARY KEY (trial, what)
) WITHOUT ROWID;
)sql",
    R"sql(
ALTER TABLE planned ADD COLUMN name TEXT;

CREATE TABLE fitted (
  trial TEXT NOT NULL REFERENCES trials,
  name TEXT NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (trial, name)
) WITHOUT ROWID;

CREATE TABLE weight_changes (
  trial TEXT NOT NULL REFERENCES trials,
  layer INTEGER NOT NULL,
  strengthened_strongly INTEGER NOT NULL,
  weakened_strongly INTEGER NOT NULL,
  size REAL NOT NULL,
  largest_increase REAL NOT NULL,
  largest_decrease REAL NOT NULL,
  of_top_1pct REAL NOT NULL,
  of_top_10pct REAL NOT NULL,
  PRIMARY KEY (trial, layer)
) WITHOUT ROWID;

CREATE TABLE weight_histograms (
  trial TEXT NOT NULL REFERENCES trials,
  moment TEXT NOT NULL,
  layer INTEGER NOT NULL,
  bin INTEGER NOT NULL,
  low REAL NOT NULL,
  high REAL NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (trial, moment, layer, bin)
) WITHOUT ROWID;

CREATE TABLE responses (
  trial TEXT NOT NULL REFERENCES trials,
  moment TEXT NOT NULL,
  layer INTEGER NOT NULL,
  units INTEGER NOT NULL,
  active REAL NOT NULL,
  sparsity REAL NOT NULL,
  hoyer REAL NOT NULL,
  class_correlation REAL,
  PRIMARY KEY (trial, moment, layer)
) WITHOUT ROWID;

CREATE TABLE class_correlations (
  trial TEXT NOT NULL REFERENCES trials,
  moment TEXT NOT NULL,
  layer INTEGER NOT NULL,
  class INTEGER NOT NULL,
  other INTEGER NOT NULL,
  correlation REAL,
  PRIMARY KEY (trial, moment, layer, class, other)
) WITHOUT ROWID;
)sql",
    R"sql(
ALTER TABLE studies ADD COLUMN path TEXT;
)sql",
    R"sql(
CREATE TABLE sequences (
  trial TEXT PRIMARY KEY REFERENCES trials,
  stored INTEGER NOT NULL,
  reads_old INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE task_accuracies (
  trial TEXT NOT NULL REFERENCES trials,
  learned INTEGER NOT NULL,
  moment TEXT NOT NULL,
  task INTEGER NOT NULL,
  accuracy REAL NOT NULL,
  PRIMARY KEY (trial, learned, moment, task)
) WITHOUT ROWID;
)sql",
    R"sql(
ALTER TABLE measurements ADD COLUMN worst_recall REAL;
ALTER TABLE measurements ADD COLUMN cross_entropy REAL;
ALTER TABLE measurements ADD COLUMN calibration_error REAL;
ALTER TABLE measurements ADD COLUMN roc_area REAL;

CREATE TABLE distorted (
  trial TEXT NOT NULL REFERENCES trials,
  moment TEXT NOT NULL,
  distortion TEXT NOT NULL,
  position INTEGER NOT NULL,
  samples INTEGER NOT NULL,
  accuracy REAL NOT NULL,
  balanced_accuracy REAL NOT NULL,
  macro_f1 REAL NOT NULL,
  geometric_mean REAL NOT NULL,
  worst_recall REAL NOT NULL,
  cross_entropy REAL,
  calibration_error REAL,
  roc_area REAL,
  PRIMARY KEY (trial, moment, position)
) WITHOUT ROWID;
)sql",
    R"sql(
ALTER TABLE trials ADD COLUMN numbers INTEGER;
ALTER TABLE measurements ADD COLUMN network TEXT;

ALTER TABLE measurements ADD COLUMN confusion TEXT NOT NULL DEFAULT '[]';
UPDATE measurements SET confusion = (SELECT json_group_array(json(counts)) FROM (
    SELECT json_group_array(count) AS counts FROM (
      SELECT truth, count FROM confusions c WHERE c.trial = measurements.trial
      AND c.moment = measurements.moment ORDER BY truth, answer)
    GROUP BY truth ORDER BY truth));
DROP TABLE confusions;

ALTER TABLE weights ADD COLUMN histogram_low REAL;
ALTER TABLE weights ADD COLUMN histogram_high REAL;
ALTER TABLE weights ADD COLUMN histogram TEXT;
UPDATE weights SET
  histogram_low = (SELECT min(low) FROM weight_histograms h WHERE h.trial = weights.trial
    AND h.moment = weights.moment AND h.layer = weights.layer),
  histogram_high = (SELECT max(high) FROM weight_histograms h WHERE h.trial = weights.trial
    AND h.moment = weights.moment AND h.layer = weights.layer),
  histogram = (SELECT json_group_array(count) FROM (
    SELECT count FROM weight_histograms h WHERE h.trial = weights.trial
    AND h.moment = weights.moment AND h.layer = weights.layer ORDER BY bin))
WHERE EXISTS (SELECT 1 FROM weight_histograms h WHERE h.trial = weights.trial
  AND h.moment = weights.moment AND h.layer = weights.layer);
DROP TABLE weight_histograms;

ALTER TABLE responses ADD COLUMN correlations TEXT NOT NULL DEFAULT '[]';
UPDATE responses SET correlations = (SELECT json_group_array(json(
    CASE WHEN correlation IS NULL THEN 'null' ELSE printf('%!.17g', correlation) END)) FROM (
    SELECT correlation FROM class_correlations c WHERE c.trial = responses.trial
    AND c.moment = responses.moment AND c.layer = responses.layer ORDER BY class, other));
DROP TABLE class_correlations;
)sql"};

}  // namespace hypnos
