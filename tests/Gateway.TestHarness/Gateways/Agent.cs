namespace Gateway.TestHarness.Gateways;

/// <summary>A client that calls one tool repeatedly, at one gateway.</summary>
/// <param name="client">The client for the gateway, with a grant's token.</param>
/// <param name="tool">The tool.</param>
/// <param name="history">The record of the calls.</param>
/// <param name="arguments">The tool's arguments, a JSON object.</param>
/// <param name="session">The session of the calls; null for none.</param>
public sealed class Agent(
    HttpClient client, string tool, CallHistory history, string arguments = "{}", string? session = null)
{
    /// <summary>The response to the last call; null if there was none.</summary>
    public string? Answer { get; private set; }

    public async Task<CallOutcome> CallAsync(CancellationToken stop = default)
    {
        var outcome = await AskAsync(stop);
        // A call that its caller gave up shows nothing about the gateway.
        if (!stop.IsCancellationRequested)
            history.Add(outcome);
        return outcome;
    }

    /// <summary>Calls until it is stopped, or until a call gets no response.</summary>
    /// <param name="stop">Stops the calls.</param>
    /// <param name="every">The shortest time between two calls; null for no pause.</param>
    public async Task FireAsync(CancellationToken stop, TimeSpan? every = null)
    {
        using var pace = new PeriodicTimer(every ?? TimeSpan.FromMilliseconds(1));
        while (!stop.IsCancellationRequested && await CallAsync(stop) is not CallOutcome.Unanswered)
        {
            if (every is not null)
                await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>
    /// Calls until several calls in a row were not admitted, which means that nothing is left for this agent.
    /// </summary>
    public async Task ExhaustAsync(int callsMax)
    {
        for (var (i, refusedInARow) = (0, 0); i < callsMax && refusedInARow < 3; i++)
            refusedInARow = await CallAsync() == CallOutcome.Admitted ? 0 : refusedInARow + 1;
    }

    private async Task<CallOutcome> AskAsync(CancellationToken stop)
    {
        var body = $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""";
        Answer = null;
        try
        {
            using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
            if (session is not null) content.Headers.Add("Mcp-Session-Id", session);
            using var response = await client.PostAsync("", content, stop);
            Answer = await response.Content.ReadAsStringAsync(stop);
            return Classify(response.StatusCode, Answer);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return CallOutcome.Unanswered;
        }
    }

    private static CallOutcome Classify(HttpStatusCode status, string text)
    {
        var denies = text.Contains("Policy violation", StringComparison.Ordinal);
        return text.Contains("\"outcome\":\"unavailable\"", StringComparison.Ordinal) ? CallOutcome.Unavailable
            : denies || status == HttpStatusCode.Unauthorized ? CallOutcome.Refused
            : status == HttpStatusCode.ServiceUnavailable && text.StartsWith("Unavailable: ", StringComparison.Ordinal)
                ? CallOutcome.Unavailable
            : status == HttpStatusCode.OK && text.Contains("\"done\"", StringComparison.Ordinal) ? CallOutcome.Admitted
            : CallOutcome.Failed;
    }
}
