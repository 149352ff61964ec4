namespace Gateway.Control.Tests.Updating;

public sealed class ProvisioningTests : IDisposable
{
    private readonly ControlBench _bench = new();

    [Fact]
    public async Task Lets_the_file_win_over_the_store_for_a_name()
    {
        await _bench.PutAllAsync();

        await _bench.Plane.ApplyAsync(File("http://127.0.0.1:7/mcp", ControlBench.OtherToken), default);

        Assert.Equal(7, _bench.Now.Servers["srv"].Url!.Port);
        Assert.Null(_bench.Grant());
        Assert.NotNull(_bench.Grant(ControlBench.OtherToken));
    }

    [Fact]
    public async Task Revokes_what_is_taken_out_of_the_file_and_shows_the_stored_one_again()
    {
        await _bench.PutAllAsync();
        await _bench.Plane.ApplyAsync(File("http://127.0.0.1:7/mcp", ControlBench.OtherToken), default);
        var open = _bench.Grant(ControlBench.OtherToken)!.Bindings["srv"].Ended;

        await _bench.Plane.ApplyAsync(_bench.Config("{}"), default);

        Assert.Null(_bench.Grant(ControlBench.OtherToken));
        Assert.True(open.IsCancellationRequested);
        Assert.NotNull(_bench.Grant());
        Assert.Equal(9, _bench.Now.Servers["srv"].Url!.Port);
    }

    [Fact]
    public async Task Writes_nothing_of_the_file_to_the_store()
    {
        await _bench.Plane.OpenAsync(File("http://127.0.0.1:7/mcp", ControlBench.OtherToken), default);

        Assert.Equal(
            [ControlKinds.Admin, ControlKinds.ProtectionKeys],
            (await _bench.Store.ReadAsync(default)).Documents.Select(document => document.Key.Kind));
    }

    [Fact]
    public async Task Lets_a_stored_grant_use_what_the_file_has()
    {
        await _bench.Plane.ApplyAsync(File("http://127.0.0.1:7/mcp", ControlBench.OtherToken), default);
        await _bench.PutGrantAsync("another", ControlBench.Token);

        Assert.Equal("open", _bench.Grant()!.Bindings["srv"].PolicyName);
    }

    public void Dispose() => _bench.Dispose();

    private ConfigObjects File(string url, string token) => _bench.Config($$"""
        {
          "servers": { "srv": { "url": "{{url}}" } },
          "policies": { "open": {{ControlBench.AllowAll}} },
          "grants": { "bot": { "server": "srv", "policy": "open", "token": "{{token}}" } }
        }
        """);
}
