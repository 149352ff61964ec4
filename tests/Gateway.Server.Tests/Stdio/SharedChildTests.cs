namespace Gateway.Server.Tests.Stdio;

/// <summary>From 2026-07-28: all requests of one grant share a program, and never know of each other.</summary>
public sealed class SharedChildTests
{
    [LinuxFact]
    public async Task A_grants_requests_share_a_child_and_another_grant_has_its_own()
    {
        await using var bench = await StdioBench.StartAsync();
        using var other = StdioBench.Authorized(TestTokens.Other);

        var first = await bench.CallAsync(StdioBench.StatelessCall("echo"), null);
        var second = await bench.CallAsync(StdioBench.StatelessCall("echo"), null);
        var otherGrant = await bench.CallAsync(StdioBench.StatelessCall("echo"), null, other);

        Assert.Equal(2, bench.Pids.Length);
        Assert.Contains($"echo {bench.Pids[0]}", first);
        Assert.Contains($"echo {bench.Pids[0]}", second);
        Assert.Contains($"echo {bench.Pids[1]}", otherGrant);
    }

    [LinuxFact]
    public async Task Clients_with_one_id_each_get_their_own_answer_under_it()
    {
        await using var bench = await StdioBench.StartAsync();

        var calls = Enumerable.Range(0, 50).Select(async i =>
        {
            var id = i % 2 == 0 ? "1" : "\"1\"";
            var answer = await bench.CallAsync(StdioBench.StatelessCall("echo", id), null);
            Assert.Contains($"\"id\":{id},", answer);
        });
        await Task.WhenAll(calls);

        var seen = bench.Lines.Select(static line => line.Split("\"id\":")[1].Split(',')[0]).ToList();
        Assert.Equal(50, seen.Distinct().Count());
    }

    [LinuxFact]
    public async Task Progress_goes_to_its_own_request_under_its_own_token()
    {
        await using var bench = await StdioBench.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => bench.CallAsync(
            StdioBench.StatelessCall("progress", "5", ",\"progressToken\":\"same\""), null)));

        Assert.All(answers, static answer =>
        {
            Assert.Equal(2, answer.Split("progressToken\":\"same\"").Length);
            Assert.Contains("\"id\":5,", answer);
            Assert.Equal(3, answer.Split("data: ").Length);
        });
        Assert.DoesNotContain(bench.Lines, static line => line.Contains("same", StringComparison.Ordinal));
    }

    [LinuxFact]
    public async Task Closing_the_stream_cancels_at_the_child()
    {
        await using var bench = await StdioBench.StartAsync();
        using var stop = new CancellationTokenSource();

        var hanging = bench.PostAsync(StdioBench.StatelessCall("hang"), null, cancellationToken: stop.Token);
        await LiveProcesses.Until(() => bench.Lines.Length == 1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
        await LiveProcesses.Until(() => bench.Lines.Length == 2);

        Assert.Contains("\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1,", bench.Lines[1]);
    }

    [LinuxFact]
    public async Task A_subscription_notifies_under_the_id_of_its_client()
    {
        await using var bench = await StdioBench.StartAsync();
        await bench.CallAsync(StdioBench.StatelessCall("echo"), null);

        using var answer = await bench.PostAsync("""
            {"jsonrpc":"2.0","id":"mine","method":"subscriptions/listen","params":{"notifications":{},
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}
            """, null);
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await events.ReadLineAsync();

        Assert.Contains("\"io.modelcontextprotocol/subscriptionId\":\"mine\"", await events.ReadLineAsync());
    }

    [LinuxFact]
    public async Task An_unknown_method_has_the_status_that_it_has_over_http()
    {
        await using var bench = await StdioBench.StartAsync();

        using var answer = await bench.PostAsync("""
            {"jsonrpc":"2.0","id":1,"method":"resources/list","params":{
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}
            """, null);

        Assert.Equal(404, (int)answer.StatusCode);
    }
}
