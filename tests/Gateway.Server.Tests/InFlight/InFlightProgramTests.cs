using Gateway.Server.Tests.Stdio;

namespace Gateway.Server.Tests.InFlight;

/// <summary><c>max_in_flight</c> before a program on standard input and output.</summary>
public sealed class InFlightProgramTests
{
    private const string One = """
        { "version": "1", "default": "allow", "all_tools": { "max_in_flight": { "max": 1 } } }
        """;

    [UnixFact]
    public async Task An_answer_frees_the_place()
    {
        await using var bench = await StdioBench.StartAsync(One);
        var session = await bench.OpenAsync();
        for (var i = 0; i < 5; i++)
            Assert.Contains("echo", await bench.CallAsync(StdioBench.Call("echo"), session), StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_client_that_leaves_frees_nothing_and_the_end_of_the_program_does()
    {
        await using var bench = await StdioBench.StartAsync(One);
        var session = await bench.OpenAsync();
        using var leave = new CancellationTokenSource();
        var left = bench.PostAsync(StdioBench.Call("hang"), session, cancellationToken: leave.Token);
        await Soon.UntilAsync(
            () => bench.Lines.Any(static line => line.Contains("hang", StringComparison.Ordinal)), "it is called");
        Assert.Contains(
            "(in flight)", await bench.CallAsync(StdioBench.Call("echo", "2"), session), StringComparison.Ordinal);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        for (var i = 0; i < 10; i++)
        {
            var refused = await bench.CallAsync(StdioBench.Call("echo", "3"), session);
            Assert.Contains("(in flight)", refused, StringComparison.Ordinal);
        }

        using var end = new HttpRequestMessage(HttpMethod.Delete, bench.Endpoint);
        end.Headers.Add("Mcp-Session-Id", session);
        using (await bench.Client.SendAsync(end))
        {
            // Whatever it says: the program is ended.
        }

        var next = await bench.OpenAsync();
        await Soon.UntilAsync(
            async () => (await bench.CallAsync(StdioBench.Call("echo", "4"), next))
                .Contains("\"text\":\"echo", StringComparison.Ordinal),
            "the place is free");
    }

    [UnixFact]
    public async Task A_program_that_ends_without_an_answer_frees_the_place()
    {
        await using var bench = await StdioBench.StartAsync(One);
        foreach (var how in (string[])["die", "vanish", "half", "die"])
        {
            var session = await bench.OpenAsync();
            var answer = await bench.CallAsync(StdioBench.Call(how), session);
            Assert.DoesNotContain("(in flight)", answer, StringComparison.Ordinal);
        }
    }
}
