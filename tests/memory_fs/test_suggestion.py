from memory_fs.suggestion import did_you_mean, unknown_name

NAMES = ("north", "northeast", "h")


def test_the_nearest_name_is_offered() -> None:
    assert did_you_mean("North", NAMES) == " Did you mean 'north'?"
    assert did_you_mean("norteast", NAMES) == " Did you mean 'northeast'?"
    assert did_you_mean("qqqq", NAMES) == ""
    assert did_you_mean(7, NAMES) == ""


def test_an_unknown_name_is_an_error_that_lists_the_known() -> None:
    error = unknown_name("mode", "qqqq", ["ansi", "human"])
    assert str(error) == "Unknown mode 'qqqq'. Known: ansi, human."
