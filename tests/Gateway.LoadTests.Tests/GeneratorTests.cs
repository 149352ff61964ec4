using Gateway.LoadTests.Generating;
using Gateway.LoadTests.Upstreams;

namespace Gateway.LoadTests.Tests;

public sealed class GeneratorTests
{
    [Fact]
    public async Task Sends_the_calls_of_an_open_loop_at_their_rate_and_no_more()
    {
        await using var server = await CountingServer.StartAsync();

        var result = await LoadGenerator.RunAsync(Plan(server) with { RatePerSecond = 200, Connections = 8 });

        Assert.Equal(200, result.Calls);
        Assert.Equal(200, result[CallOutcome.Admitted]);
        Assert.Equal(200, result.Latency.Count);
        Assert.Equal(200, server.Seen.Values.Sum());
    }

    [Fact]
    public async Task Counts_the_wait_behind_a_stalled_answer_as_latency()
    {
        // One connection, and an answer that takes half a second: nine calls are due behind it.
        await using var server = await CountingServer.StartAsync(eventsPerStream: 1);
        var stall = CallRequest.Post("afip", "token", CallRequest.Body(CountingServer.StreamTool));
        var brief = CallRequest.Post("afip", "token", CallRequest.Body("brief"));

        var result = await LoadGenerator.RunAsync(Plan(server) with
        {
            RatePerSecond = 20,
            Connections = 1,
            Duration = TimeSpan.FromMilliseconds(500),
            Request = number => number == 0 ? stall : brief,
        });

        Assert.Equal(10, result[CallOutcome.Admitted]);
        Assert.True(result.Latency.At(0.5) > 200_000_000, "half of the calls waited at least 200 ms behind the first");
        Assert.True(result.Wait.At(0.5) > 200_000_000, "and that wait was before they could be sent");
    }

    [Fact]
    public async Task Sends_the_next_call_of_a_closed_loop_when_the_last_was_answered()
    {
        await using var server = await CountingServer.StartAsync();

        var result = await LoadGenerator.RunAsync(
            Plan(server) with { Connections = 4, Duration = TimeSpan.FromMilliseconds(300) });

        Assert.Equal(server.Seen.Values.Sum(), result[CallOutcome.Admitted]);
        Assert.Equal(0, result.Errors);
    }

    [Fact]
    public async Task Says_so_when_nobody_listens()
    {
        await using var server = await CountingServer.StartAsync();
        var plan = Plan(server);
        await server.DisposeAsync();

        var result = await LoadGenerator.RunAsync(
            plan with { RatePerSecond = 20, Connections = 1, Duration = TimeSpan.FromMilliseconds(100) });

        Assert.Equal(2, result[CallOutcome.Unavailable]);
        Assert.Equal(2, result.Errors);
    }

    private static LoadPlan Plan(CountingServer server)
    {
        var request = CallRequest.Post("afip", "token", CallRequest.Body("brief"));
        return new LoadPlan
        {
            Targets = [new IPEndPoint(IPAddress.Loopback, server.Url.Port)],
            Request = _ => request,
            Duration = TimeSpan.FromSeconds(1),
        };
    }
}
