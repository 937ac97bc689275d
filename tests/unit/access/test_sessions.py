"""Sessions end when they are idle, old or ended; the clock is the test's own."""

PASSWORD = "a long sentence"  # noqa: S105
HERE = "10.0.0.7"


def test_a_session_lasts_as_long_as_it_is_used(register, clock):
    token = register.sign_in("zhang", PASSWORD, HERE, clock())
    for _ in range(8):
        assert register.sessions.account(token, clock.wait(minutes=29)) == "zhang"
    assert register.sessions.account(token, clock.wait(minutes=30)) is None


def test_a_session_ends_ten_hours_after_it_began_however_it_is_used(register, clock):
    token = register.sign_in("zhang", PASSWORD, HERE, clock())
    for _ in range(23):  # 575 minutes
        assert register.sessions.account(token, clock.wait(minutes=25)) == "zhang"
    assert register.sessions.account(token, clock.wait(minutes=24)) == "zhang"
    assert register.sessions.account(token, clock.wait(minutes=1)) is None


def test_a_page_that_is_merely_open_keeps_no_session(register, clock):
    token = register.sign_in("zhang", PASSWORD, HERE, clock())
    for _ in range(29):
        clock.wait(minutes=1)
        assert register.sessions.account(token, clock(), is_use=False) == "zhang"
    assert register.sessions.account(token, clock.wait(minutes=1), is_use=False) is None


def test_a_session_that_ended_never_comes_back(register, clock):
    token = register.sign_in("zhang", PASSWORD, HERE, clock())
    register.sign_out(token, HERE, clock())
    assert register.sessions.account(token, clock()) is None
    idle = register.sign_in("zhang", PASSWORD, HERE, clock())
    assert register.sessions.account(idle, clock.wait(hours=1)) is None
    assert register.sessions.account(idle, clock.wait(hours=-1)) is None


def test_another_password_and_a_disabled_account_end_every_session(register, clock):
    tokens = [register.sign_in("zhang", PASSWORD, HERE, clock()) for _ in range(2)]
    register.accounts.reset("zhang", "another sentence")
    assert [register.sessions.account(one, clock()) for one in tokens] == [None, None]
    token = register.sign_in("zhang", "another sentence", HERE, clock())
    register.accounts.disable("zhang")
    register.accounts.enable("zhang")
    assert register.sessions.account(token, clock()) is None


def test_whoever_reads_the_file_can_use_no_session(register, clock):
    token = register.sign_in("zhang", PASSWORD, HERE, clock())
    assert token.encode() not in register.settings.accounts.read_bytes()
    assert register.sessions.account("", clock()) is None
    assert register.sessions.account("\udcff", clock()) is None


def test_five_failures_lock_a_name_for_that_address_alone(register, clock):
    for _ in range(5):
        assert register.sign_in("zhang", "wrong password", HERE, clock()) is None
    assert register.sign_in("zhang", PASSWORD, HERE, clock()) is None
    assert register.sign_in("zhang", PASSWORD, "10.0.0.8", clock())
    assert register.sign_in("zhang", PASSWORD, HERE, clock.wait(minutes=14)) is None
    assert register.sign_in("zhang", PASSWORD, HERE, clock.wait(minutes=1))


def test_thirty_failures_lock_an_address_for_every_name(register, clock):
    for number in range(30):
        register.sign_in(f"name{number}", "wrong password", HERE, clock())
    assert register.sign_in("zhang", PASSWORD, HERE, clock()) is None
    assert register.sign_in("zhang", PASSWORD, "10.0.0.8", clock())


def test_the_trail_tells_of_failures_but_keeps_no_name_that_may_be_a_password(register, clock):
    for _ in range(5):
        register.sign_in("zhang", "wrong password", HERE, clock())
    register.sign_in(PASSWORD, "", HERE, clock())
    events = register.trail.newest(10)
    assert [event.kind for event in events] == ["refused", "locked_out", *["refused"] * 4]
    assert {event.by for event in events} == {"zhang", ""}
    assert PASSWORD.encode() not in register.settings.accounts.read_bytes()
