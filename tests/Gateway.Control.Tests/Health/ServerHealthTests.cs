namespace Gateway.Control.Tests.Health;

public sealed class ServerHealthTests
{
    private static readonly ServerModel Crm = new("crm", new Uri("http://crm.test/mcp"), []);

    private readonly FakeTimeProvider _time = new();
    private readonly LineLogger<ServerHealth> _log = new();
    private readonly ServerHealth _health;

    public ServerHealthTests() => _health = new ServerHealth(new ProcessClock(_time), _log);

    [Fact]
    public void Tells_once_that_a_server_is_away_and_once_that_it_is_back()
    {
        _health.Answered(Crm);
        _health.Failed(Crm, "no connection");
        _health.Failed(Crm, "no connection");
        _time.Advance(ServerHealth.TellEvery);
        _health.Failed(Crm, "no connection");
        _health.Answered(Crm);
        _health.Answered(Crm);

        Assert.Equal(
            [
                "Warning: The server crm does not respond: no connection",
                "Information: The server crm responds again",
            ],
            _log.Lines);
    }

    [Fact]
    public void Tells_at_last_how_a_server_stands_that_comes_and_goes()
    {
        for (var round = 0; round < 50; round++)
        {
            _health.Failed(Crm, "no connection");
            _health.Answered(Crm);
        }

        _health.Failed(Crm, "no connection");
        Assert.Single(_log.Lines);

        _health.Answered(Crm);
        _time.Advance(ServerHealth.TellEvery);
        _health.Answered(Crm);

        Assert.Equal(2, _log.Lines.Count);
        Assert.EndsWith("responds again", _log.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Knows_nothing_of_a_server_that_nobody_called()
    {
        _health.Failed(Crm, "no connection");

        Assert.Null(_health.Of(Crm with { Name = "other" }));
        Assert.Equal("no connection", _health.Of(Crm)!.Fault);
    }

    [Fact]
    public void Knows_nothing_of_a_server_that_has_moved_and_tells_when_it_answers_there()
    {
        var moved = Crm with { Url = new Uri("http://elsewhere.test/mcp") };
        _health.Failed(Crm, "no connection");
        _time.Advance(ServerHealth.TellEvery);

        Assert.Null(_health.Of(moved));
        Assert.NotNull(_health.Of(Crm with { Url = new Uri("http://crm.test/mcp") }));

        _health.Answered(moved);

        Assert.Null(_health.Of(moved)!.Fault);
        Assert.Null(_health.Of(Crm));
        Assert.Equal("Information: The server crm responds again", _log.Lines[^1]);
    }
}
