"""Makes the SavedModel of the tests as TensorFlow itself writes it: functions, a checkpoint, and a vocabulary in a file.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tensorflow-cpu==2.18.1
    /tmp/venv/bin/python backends/tensorflow/src/test/models/make.py

It writes src/test/resources/.../words. TensorFlow does not write the same bytes twice (maps, a random fingerprint); what the model
computes is the same: SavedModelFilesTest has it in its assertions. Its three signatures:

    serving_default   words STRING[n]        -> ids INT64[n], vectors FLOAT32[n, 2]
    scale             x FLOAT32[n, 2]        -> y FLOAT32[n, 2], x times a variable of 2.5
    count             x FLOAT32[]            -> total FLOAT32[]: adds to a variable, so it may not be used
"""

import pathlib
import shutil
import tempfile

import tensorflow as tf

WHERE = pathlib.Path(__file__).resolve().parents[1] / "resources/io/vaccel/backend/tensorflow/words"


class Words(tf.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.table = tf.lookup.StaticHashTable(
            tf.lookup.TextFileInitializer(vocabulary, tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64,
                                          tf.lookup.TextFileIndex.LINE_NUMBER), default_value=0)
        self.vectors = tf.Variable([[0.0, 0.0], [1.0, -1.0], [0.5, 4.0]])
        self.factor = tf.Variable(2.5)
        self.total = tf.Variable(0.0)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="words")])
    def look_up(self, words):
        ids = self.table.lookup(words)
        return {"ids": ids, "vectors": tf.gather(self.vectors, ids)}

    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name="x")])
    def scale(self, x):
        return {"y": x * self.factor}

    @tf.function(input_signature=[tf.TensorSpec([], tf.float32, name="x")])
    def count(self, x):
        return {"total": self.total.assign_add(x)}


with tempfile.TemporaryDirectory() as directory:
    vocabulary = pathlib.Path(directory) / "vocabulary.txt"
    vocabulary.write_text("unknown\nhello\nworld\n")
    words = Words(str(vocabulary))
    shutil.rmtree(WHERE, ignore_errors=True)
    tf.saved_model.save(words, str(WHERE),
                        signatures={"serving_default": words.look_up, "scale": words.scale, "count": words.count})
