namespace Gateway.Server.Tests.Money;

/// <summary>Ways in which spend caps were seen to leak elsewhere.</summary>
public sealed class SpendDefectTests
{
    [Fact]
    public async Task Counts_cents_exactly_three_hundred_times_99_against_100()
    {
        await using var cap = await SpendCap.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            for (var i = 0; i < 50; i++)
                await cap.PayAsync("0.99");
        }));

        // 101 × 0.99 = 99.99; one more would make 100.98.
        Assert.Equal(101, cap.Server.Requests.Count);
        Assert.True(await cap.PaysAsync("0.01"));
        Assert.False(await cap.PaysAsync("0.000000001"));
    }

    [Fact]
    public async Task Earns_no_room_by_a_negative_amount()
    {
        await using var cap = await SpendCap.StartAsync();

        var refusal = await cap.RefusalAsync("-50");

        Assert.Equal("denied", refusal.GetProperty("outcome").GetString());
        Assert.Equal("/tools/pay/limits/0/increment_from", refusal.GetProperty("rule").GetString());
        Assert.Empty(cap.Server.Requests);
        Assert.True(await cap.PaysAsync("100"));
        Assert.False(await cap.PaysAsync("1"));
    }

    [Theory]
    [InlineData("1e300")]
    [InlineData("1e18")]
    [InlineData("0.0000000001")]
    [InlineData("\"0123\"")]
    [InlineData("\"1,000\"")]
    [InlineData("\"0x10\"")]
    [InlineData("\"١\"")]
    [InlineData("\" 1\"")]
    [InlineData("\"\"")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{\"n\":1}")]
    public async Task Denies_an_amount_that_it_cannot_count(string amount)
    {
        await using var cap = await SpendCap.StartAsync();

        var refusal = await cap.RefusalAsync(amount);

        Assert.Equal("denied", refusal.GetProperty("outcome").GetString());
        Assert.Empty(cap.Server.Requests);
    }

    [Fact]
    public async Task Denies_a_call_without_the_amount_and_counts_one_that_is_written_as_text()
    {
        await using var cap = await SpendCap.StartAsync();

        await cap.Gateway.CallToolAsync("pay");

        Assert.Empty(cap.Server.Requests);
        Assert.True(await cap.PaysAsync("\"33.34\""));
        Assert.False(await cap.PaysAsync("66.67"));
        Assert.True(await cap.PaysAsync("6.666e1"));
    }

    [Fact]
    public async Task Says_that_no_wait_helps_where_one_call_costs_more_than_a_window_admits()
    {
        await using var cap = await SpendCap.StartAsync();

        var refusal = await cap.RefusalAsync("100.01");

        Assert.Equal("rate_limited", refusal.GetProperty("outcome").GetString());
        Assert.False(refusal.GetProperty("limit").TryGetProperty("retryAfterMs", out _));
        Assert.True(await cap.PaysAsync("100"));
    }

    [Fact]
    public async Task Lets_one_of_many_have_the_last_unit()
    {
        await using var cap = await SpendCap.StartAsync();
        await cap.PayAsync("99");

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => cap.PayAsync("1")));

        Assert.Equal(2, cap.Server.Requests.Count);
    }

    [Fact]
    public async Task Counts_a_refused_call_nowhere()
    {
        await using var cap = await SpendCap.StartAsync("""
            { "counter": "calls", "window": "month", "max": 3 },
            { "counter": "spent", "window": "month", "max": 100, "increment_from": "args.amount" }
            """);

        for (var i = 0; i < 10; i++)
            Assert.False(await cap.PaysAsync("101"));
        Assert.True(await cap.PaysAsync("60"));
        for (var i = 0; i < 10; i++)
            Assert.False(await cap.PaysAsync("41"));

        Assert.True(await cap.PaysAsync("20"));
        Assert.True(await cap.PaysAsync("20"));
        Assert.False(await cap.PaysAsync("0"));
    }

    [Fact]
    public async Task Frees_no_room_in_the_next_window_by_an_error_of_the_last_one()
    {
        var time = new JumpingTime(new DateTimeOffset(2027, 1, 15, 12, 0, 0, TimeSpan.Zero));
        await using var cap = await SpendCap.StartAsync(
            """{ "counter": "spent", "window": "day", "max": 100, "increment_from": "args.amount" }""", time);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var fail = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cap.Server.Answer = async (http, _) =>
        {
            arrived.SetResult();
            await fail.Task;
            await RecordingServer.JsonAsync(http, """{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}""");
        };
        var first = cap.PayAsync("100");
        await arrived.Task;
        cap.Server.Answer = (http, _) => RecordingServer.JsonAsync(http, """{"jsonrpc":"2.0","id":1,"result":{}}""");

        time.Jump(TimeSpan.FromDays(1));
        Assert.True(await cap.PaysAsync("100"));
        fail.SetResult();
        await first;

        Assert.False(await cap.PaysAsync("1"));
        await cap.Gateway.DisposeHostAsync();
        Assert.Contains(cap.Gateway.AuditRecords(), record => record.GetProperty("kind").GetString() == "outcome"
            && record.GetProperty("counted").GetString() == "counted, since the window had ended");
    }
}
