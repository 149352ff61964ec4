using Gateway.Server.Tests.Approvals;

namespace Gateway.Server.Tests.Channels;

/// <summary>A request that nobody answers is told to a further channel, once, whatever its filters.</summary>
public sealed class EscalationTests : IAsyncLifetime
{
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow());
    private MessageReceiver _receiver = null!;
    private ApprovalBench _bench = null!;

    public async Task InitializeAsync()
    {
        _receiver = await MessageReceiver.StartAsync();
        _bench = await ApprovalBench.StartAsync(time: _time);
        await _bench.RestartAsync(policy: static policy => policy.Replace(
            "\"wait\"", "\"escalate\": { \"after\": \"5m\", \"to\": \"duty\" }, \"wait\"", StringComparison.Ordinal));
        foreach (var (name, type) in ((string, string)[])[("ops", "approval.*"), ("duty", "none")])
        {
            var (status, _) = await _bench.SendAsync("POST", "channels", new JsonObject
            {
                ["name"] = name,
                ["kind"] = "webhook",
                ["url"] = $"{_receiver.Url}/{name}",
                ["allowPrivate"] = true,
                ["types"] = new JsonArray(type),
            });
            Assert.Equal(201, status);
        }
    }

    public async Task DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Once_its_time_has_come_over_a_restart()
    {
        var id = await _bench.AskAsync();
        var first = await _receiver.NextAsync();
        Assert.Equal(("/ops", "approval.asked"), (first.Path, (string?)first.Json["type"]));

        await _bench.RestartAsync(() =>
        {
            _time.Jump(TimeSpan.FromMinutes(5));
            return Task.CompletedTask;
        });
        var second = await _receiver.NextAsync();

        Assert.Equal(("/duty", "approval.escalated"), (second.Path, (string?)second.Json["type"]));
        Assert.Equal((id, false), ((string?)second.Json["data"]!["approvalId"], second.Id == first.Id));
        Assert.Contains("Nobody has decided yet", (string?)second.Json["data"]!["reason"], StringComparison.Ordinal);
        var (_, view) = await _bench.SendAsync("GET", $"approvals/{id}");
        Assert.Equal("duty", (string?)view!["escalatesTo"]);
    }

    [Fact]
    public async Task Not_once_somebody_has_answered()
    {
        var id = await _bench.AskAsync();
        await _receiver.NextAsync();
        await _bench.ApproveAsync(id);
        _time.Jump(TimeSpan.FromMinutes(6));
        await _bench.AskAsync("""{"amount":6}""");

        var next = await _receiver.NextAsync();

        Assert.Equal("/ops", next.Path);
        Assert.Equal(0, _receiver.Count);
    }
}
