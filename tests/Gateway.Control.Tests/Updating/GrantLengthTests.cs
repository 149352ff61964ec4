namespace Gateway.Control.Tests.Updating;

/// <summary>A grant of the file that ends after a length of time.</summary>
public sealed class GrantLengthTests : IDisposable
{
    private const long DayMs = 86_400_000;
    private readonly ControlBench _bench = new();

    [Fact]
    public async Task Ends_the_length_after_it_was_first_seen()
    {
        var seen = Now;
        await _bench.Plane.ApplyAsync(File("30d"), default);

        Assert.False(_bench.Grant()!.IsExpired(seen + 30 * DayMs - 1));
        Assert.True(_bench.Grant()!.IsExpired(seen + 30 * DayMs));
    }

    [Fact]
    public async Task A_reload_or_a_restart_does_not_extend_a_grant()
    {
        var seen = Now;
        await _bench.Plane.ApplyAsync(File("30d"), default);
        _bench.Time.Jump(TimeSpan.FromDays(20));
        await _bench.Plane.ApplyAsync(File("30d"), default);
        await _bench.Plane.ApplyAsync(_bench.Config("{}"), default);
        await _bench.Plane.ApplyAsync(File("30d"), default);

        Assert.True(_bench.Grant()!.IsExpired(seen + 30 * DayMs));
        Assert.Single((await _bench.Store.ReadAsync(default)).OfKind(ControlKinds.FirstSeen));
    }

    [Fact]
    public async Task Counts_another_length_from_the_same_beginning_and_another_token_from_its_own()
    {
        var seen = Now;
        await _bench.Plane.ApplyAsync(File("30d"), default);
        _bench.Time.Jump(TimeSpan.FromDays(20));
        await _bench.Plane.ApplyAsync(File("12h"), default);
        Assert.True(_bench.Grant()!.IsExpired(Now));

        await _bench.Plane.ApplyAsync(File("12h", ControlBench.OtherToken), default);

        Assert.False(_bench.Grant(ControlBench.OtherToken)!.IsExpired(Now));
        Assert.True(_bench.Grant(ControlBench.OtherToken)!.IsExpired(seen + 20 * DayMs + DayMs / 2));
    }

    [Fact]
    public async Task Refuses_a_grant_whose_beginning_cannot_be_read()
    {
        await _bench.PutAsync(ControlKinds.FirstSeen, "bot", """{ "odd": 1 }""");

        await _bench.Plane.ApplyAsync(File("30d"), default);

        Assert.True(_bench.Grant()!.IsExpired(Now));
    }

    public void Dispose() => _bench.Dispose();

    private long Now => _bench.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private ConfigObjects File(string expires, string token = ControlBench.Token) => _bench.Config($$"""
        {
          "servers": { "srv": { "url": "http://127.0.0.1:9/mcp" } },
          "policies": { "open": { "version": "1", "default": "allow" } },
          "grants": { "bot": { "server": "srv", "policy": "open", "token": "{{token}}", "expires": "{{expires}}" } }
        }
        """);
}
