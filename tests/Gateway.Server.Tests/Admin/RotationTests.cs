namespace Gateway.Server.Tests.Admin;

public sealed class RotationTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Takes_both_tokens_for_the_overlap_on_the_same_counters()
    {
        var first = await _bench.ProvideAsync();
        Assert.Equal((200, false), await _bench.CallAsync(first));

        var second = await RotateAsync(3600);

        Assert.NotEqual(first, second);
        Assert.Equal((200, false), await _bench.CallAsync(first));
        Assert.Equal((200, false), await _bench.CallAsync(second));
        // Three in a month, whichever token they came with.
        Assert.Equal((200, true), await _bench.CallAsync(first));
        Assert.Equal((200, true), await _bench.CallAsync(second));
        Assert.Single((await _bench.SendAsync("GET", "counters?grant=bot")).Json!["items"]!.AsArray());
        Assert.NotNull((await _bench.SendAsync("GET", "grants/bot")).Json!["previousTokenUntil"]);
    }

    [Fact]
    public async Task Refuses_the_old_token_once_the_overlap_is_over()
    {
        var first = await _bench.ProvideAsync();
        var second = await RotateAsync(1);

        await Soon.TokenEndsAsync(async () => (await _bench.CallAsync(first)).Status);

        Assert.Equal(200, (await _bench.CallAsync(second)).Status);
        Assert.Null((await _bench.SendAsync("GET", "grants/bot")).Json!["previousTokenUntil"]);
    }

    [Fact]
    public async Task Refuses_a_leaked_token_at_once_and_any_older_one_too()
    {
        var first = await _bench.ProvideAsync();
        var second = await RotateAsync(3600);

        var third = await RotateAsync(0);

        Assert.Equal(401, (await _bench.CallAsync(first)).Status);
        Assert.Equal(401, (await _bench.CallAsync(second)).Status);
        Assert.Equal((200, false), await _bench.CallAsync(third));
    }

    [Fact]
    public async Task Makes_no_third_token()
    {
        var first = await _bench.ProvideAsync();
        var second = await RotateAsync(3600);

        var refused = await SendAsync(3600);

        Assert.Equal(409, refused.Status);
        Assert.Contains("overlap of 0", (string?)refused.Json!["detail"], StringComparison.Ordinal);
        Assert.Equal((200, false), await _bench.CallAsync(first));
        Assert.Equal((200, false), await _bench.CallAsync(second));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(365L * 86_400 + 1)]
    public async Task Refuses_an_overlap_out_of_bounds_and_changes_nothing(long seconds)
    {
        var first = await _bench.ProvideAsync();

        Assert.Equal(422, (await SendAsync(seconds)).Status);

        Assert.Equal((200, false), await _bench.CallAsync(first));
        Assert.DoesNotContain(
            _bench.Changes(), change => change.GetProperty("action").GetString() == "rotate");
    }

    [Fact]
    public async Task Keeps_both_tokens_out_of_records_and_the_old_one_through_other_changes()
    {
        var first = await _bench.ProvideAsync();
        var second = await RotateAsync(3600);

        var body = AdminBench.GrantBody(null);
        body["expires"] = null;
        Assert.Equal(200, (await _bench.SendAsync("PUT", "grants/bot", body, ifMatch: "*")).Status);
        await _bench.SendAsync("POST", "grants/bot/pause");
        Assert.Equal(403, (await _bench.CallAsync(first)).Status);
        await _bench.SendAsync("POST", "grants/bot/resume");

        Assert.Equal((200, false), await _bench.CallAsync(first));
        Assert.All(_bench.Changes(), change =>
        {
            Assert.DoesNotContain(first, change.GetRawText(), StringComparison.Ordinal);
            Assert.DoesNotContain(second, change.GetRawText(), StringComparison.Ordinal);
        });
    }

    private Task<AdminReply> SendAsync(long seconds) => _bench.SendAsync(
        "POST", "grants/bot/rotate", new JsonObject { ["overlapSeconds"] = seconds });

    private async Task<string> RotateAsync(long seconds)
    {
        var rotated = await SendAsync(seconds);
        Assert.Equal(200, rotated.Status);
        return (string)rotated.Json!["token"]!;
    }
}
