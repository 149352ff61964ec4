using Gateway.Server.Tests.Features;

namespace Gateway.Server.Tests.InFlight;

/// <summary><c>max_in_flight</c> before a server that answers when the test says so, and counts what is open.</summary>
/// <remarks>
/// What a process measures is of all gateways in it, and has a bound that many of them reach: so no others run beside.
/// </remarks>
[Collection(AloneCollection.Name)]
public sealed class InFlightTests : InFlightTest
{
    [Fact]
    public async Task Of_thirty_concurrent_calls_three_are_open_and_the_others_are_refused()
    {
        await using var gateway = await StartAsync("""{ "max": 3 }""");
        var calls = Enumerable.Range(0, 30).Select(_ => CallAsync(gateway)).ToList();
        await Soon.UntilAsync(() => calls.Count(static call => call.IsCompleted) == 27, "27 are refused");
        await Server.CallAsync(2);
        Assert.Equal(3, Server.Open);
        foreach (var refused in calls.Where(static call => call.IsCompleted))
            AssertRefused(await refused, max: 3);

        foreach (var call in Server.Calls)
            call.Answer();
        foreach (var answer in await Task.WhenAll(calls))
            Assert.Equal(IsRefused(answer), !answer.Contains("done", StringComparison.Ordinal));
        await AdmittedAsync(gateway);
        Assert.Equal(3, Server.Most);
    }

    [Fact]
    public async Task A_stream_of_calls_from_many_agents_never_has_more_open_than_may_be()
    {
        await using var gateway = await StartAsync("""{ "max": 3, "scope": "server" }""");
        using var stop = new CancellationTokenSource();
        var answering = AnswerAllAsync(stop.Token);
        var admitted = 0;
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async agent =>
        {
            for (var i = 0; i < 20; i++)
            {
                var answer = await CallAsync(gateway, token: agent % 2 == 0 ? TestTokens.Agent : TestTokens.Other);
                if (!IsRefused(answer))
                    Interlocked.Increment(ref admitted);
            }
        }));
        await stop.CancelAsync();
        await answering;
        Assert.InRange(Server.Most, 1, 3);
        Assert.Equal(Server.Calls.Count, admitted);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData(Stateless)]
    public async Task A_client_that_leaves_frees_nothing_before_the_server_answers(string revision)
    {
        await using var gateway = await StartAsync("""{ "max": 1 }""");
        using var leave = new CancellationTokenSource();
        var left = CallAsync(gateway, revision, stop: leave.Token);
        var call = await Server.CallAsync(0);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        for (var i = 0; i < 20; i++)
            AssertRefused(await CallAsync(gateway, revision), max: 1);
        Assert.False(call.Ended.IsCompleted);
        call.Answer();
        await AdmittedAsync(gateway);
    }

    [Fact]
    public async Task A_call_outlasts_its_lease_by_being_renewed()
    {
        await using var gateway = await StartAsync("""{ "max": 1 }""");
        var open = CallAsync(gateway);
        var call = await Server.CallAsync(0);
        for (var i = 0; i < 4; i++)
        {
            // Each is within the lease; all together are not.
            await RenewedAsync(gateway, TimeSpan.FromSeconds(15));
            AssertRefused(await CallAsync(gateway), max: 1);
        }

        Assert.False(call.Ended.IsCompleted);
        call.Answer();
        Assert.Contains("done", await open, StringComparison.Ordinal);
        await AdmittedAsync(gateway);
    }

    [Fact]
    public async Task A_call_whose_place_could_not_be_renewed_in_time_is_ended()
    {
        await using var gateway = await StartAsync("""{ "max": 1 }""");
        var open = CallAsync(gateway);
        var call = await Server.CallAsync(0);
        Time.Jump(TimeSpan.FromSeconds(26));
        await call.Ended.WaitAsync(Soon.AtMost);
        Assert.Contains("could not keep this call", await open, StringComparison.Ordinal);
        Assert.Contains("may have been executed", await open, StringComparison.Ordinal);
        // It is counted until it expires, as the server may be at work.
        AssertRefused(await CallAsync(gateway), max: 1);
        Time.Jump(TimeSpan.FromSeconds(5));
        await AdmittedAsync(gateway);
    }

    [Fact]
    public async Task A_call_that_is_never_answered_is_held_to_have_timed_out()
    {
        await using var gateway = await StartAsync("""{ "max": 1 }""");
        Server.Reply = static (http, _) =>
        {
            // A stream that may be taken up again, and ends without the answer.
            http.Response.ContentType = "text/event-stream";
            return http.Response.WriteAsync("id: 1\ndata: \n\n");
        };
        var first = CallAsync(gateway, "2025-11-25");
        (await Server.CallAsync(0)).Answer();
        await first;
        for (var waited = 0; waited < 19; waited++)
        {
            AssertRefused(await CallAsync(gateway), max: 1);
            await RenewedAsync(gateway, TimeSpan.FromSeconds(15));
        }

        Time.Jump(TimeSpan.FromSeconds(15));
        await AdmittedAsync(gateway);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(500)]
    public async Task An_answer_and_an_error_free_the_place(int status)
    {
        await using var gateway = await StartAsync("""{ "max": 1 }""");
        Server.Reply = (http, id) => RecordingServer.JsonAsync(http, SlowServer.Result(id), status);
        for (var i = 0; i < 5; i++)
        {
            var call = CallAsync(gateway);
            (await Server.CallAsync(i)).Answer();
            await call;
        }

        Assert.Equal(1, Server.Most);
    }

    [Fact]
    public async Task A_server_that_breaks_off_frees_the_place()
    {
        await using var gateway = await StartAsync("""{ "max": 1 }""");
        Server.Reply = static (http, _) =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        var call = CallAsync(gateway);
        (await Server.CallAsync(0)).Answer();
        Assert.Contains("did not respond", await call, StringComparison.Ordinal);
        Server.Reply = static (http, id) => RecordingServer.JsonAsync(http, SlowServer.Result(id));
        await AdmittedAsync(gateway);
    }

    [Fact]
    public async Task In_a_stream_the_answer_frees_the_place_though_the_stream_goes_on()
    {
        await using var gateway = await StartAsync("""{ "max": 1 }""");
        var end = new TaskCompletionSource();
        Server.Reply = async (http, id) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync($"data: {SlowServer.Result(id)}\n\n");
            await http.Response.Body.FlushAsync();
            await end.Task;
        };
        var first = CallAsync(gateway);
        (await Server.CallAsync(0)).Answer();
        await AdmittedAsync(gateway, keepReply: true);
        Assert.False(first.IsCompleted);
        end.SetResult();
        await first;
    }

    [Fact]
    public async Task A_call_that_the_server_never_saw_frees_its_place()
    {
        await using var gateway = await TestGateway.StartAsync(
            "http://127.0.0.1:9/mcp", Policy("""{ "max": 1 }"""), time: Time);
        for (var i = 0; i < 5; i++)
            Assert.Contains("did not reach the server", await CallAsync(gateway), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_call_counts_on_no_limit_and_an_entry_counts_apart_from_all_tools()
    {
        await using var gateway = await StartWithAsync("""
            { "version": "1", "default": "deny",
              "all_tools": { "max_in_flight": { "max": 2 },
                "limits": [ { "counter": "calls", "window": "month", "max": 4 } ] },
              "tools": { "slow": { "max_in_flight": { "max": 1 } }, "fast": {} } }
            """);
        var slow = CallAsync(gateway);
        await Server.CallAsync(0);
        AssertRefused(await CallAsync(gateway), max: 1, rule: "/tools/slow/max_in_flight");
        var fast = CallAsync(gateway, tool: "fast");
        await Server.CallAsync(1);
        AssertRefused(await CallAsync(gateway, tool: "fast"), max: 2, rule: "/all_tools/max_in_flight");
        foreach (var call in Server.Calls)
            call.Answer();
        await Task.WhenAll(slow, fast);
        // Two of four are left, whatever was refused.
        await AdmittedAsync(gateway);
        await AdmittedAsync(gateway);
        Assert.Contains("\"counter\":\"calls\"", await CallAsync(gateway), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shadow_mode_refuses_nothing_and_records_what_it_would()
    {
        await using var gateway = await StartWithAsync("""
            { "version": "1", "default": "deny", "mode": "shadow",
              "tools": { "slow": { "max_in_flight": { "max": 1 } } } }
            """);
        var calls = new[] { CallAsync(gateway), CallAsync(gateway) };
        await Server.CallAsync(1);
        foreach (var call in Server.Calls)
            call.Answer();
        foreach (var answer in await Task.WhenAll(calls))
            Assert.Contains("done", answer, StringComparison.Ordinal);
        await gateway.DisposeHostAsync();
        Assert.Single(gateway.AuditRecords(), static record =>
            record.GetRawText().Contains("/tools/slow/max_in_flight", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Open_calls_are_reported_in_metrics()
    {
        await using var gateway = await StartAsync("""{ "max": 1 }""");
        var open = CallAsync(gateway);
        var call = await Server.CallAsync(0);
        Assert.Contains(
            "gateway_in_flight_calls{state=\"open\"} 1", await FiguresAsync(gateway), StringComparison.Ordinal);
        call.Answer();
        await open;
        await Soon.UntilAsync(
            async () => (await FiguresAsync(gateway)).Contains("gateway_in_flight_calls{state=\"open\"} 0",
                StringComparison.Ordinal),
            "no call is open");
    }

    private async Task AnswerAllAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var call in Server.Calls)
                call.Answer();
            await Task.Yield();
        }
    }
}
