namespace Gateway.Control.Tests.Health;

public sealed class ServerHealthTests
{
    private static readonly ServerModel Crm = new("crm", new Uri("http://crm.test/mcp"), []);

    private readonly FakeTimeProvider _time = new();
    private readonly LineLogger<ServerHealth> _log = new();
    private readonly ServerHealth _health;

    public ServerHealthTests() => _health = new ServerHealth(new ProcessClock(_time), _log);

    [Fact]
    public void Logs_once_that_a_server_is_unreachable_and_once_that_it_is_back()
    {
        _health.Answered(Crm);
        _health.Failed(Crm, "no connection");
        _health.Failed(Crm, "no connection");
        _time.Advance(ServerHealth.LogInterval);
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
    public void Logs_that_a_server_responds_and_is_of_no_use()
    {
        _health.Failed(Crm, "it returned HTTP 503.", ServerEvidence.Response);
        _health.Answered(Crm);

        Assert.Equal(["Warning: The server crm returns no usable response: it returned HTTP 503."], _log.Lines);
    }

    [Fact]
    public void Logs_the_final_state_of_a_server_that_comes_and_goes()
    {
        for (var round = 0; round < 50; round++)
        {
            _health.Failed(Crm, "no connection");
            _health.Answered(Crm);
        }

        _health.Failed(Crm, "no connection");
        Assert.Single(_log.Lines);

        _health.Answered(Crm);
        _time.Advance(ServerHealth.LogInterval);
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
    public void A_moved_server_is_unknown_until_it_responds_at_its_new_address()
    {
        var moved = Crm with { Url = new Uri("http://elsewhere.test/mcp") };
        _health.Failed(Crm, "no connection");
        _time.Advance(ServerHealth.LogInterval);

        Assert.Null(_health.Of(moved));
        Assert.NotNull(_health.Of(Crm with { Url = new Uri("http://crm.test/mcp") }));

        _health.Answered(moved);

        Assert.Null(_health.Of(moved)!.Fault);
        Assert.Null(_health.Of(Crm));
        Assert.Equal("Information: The server crm responds again", _log.Lines[^1]);
    }
}
