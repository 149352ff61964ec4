namespace Gateway.TestHarness.Gateways;

/// <summary>Calls one tool again and again, at one gateway.</summary>
/// <param name="client">To the gateway, with a grant's token.</param>
/// <param name="tool">The tool.</param>
/// <param name="history">Where its calls are kept.</param>
/// <param name="arguments">The tool's arguments, a JSON object.</param>
/// <param name="session">The session that it calls in; null: none.</param>
public sealed class Agent(
    HttpClient client, string tool, CallHistory history, string arguments = "{}", string? session = null)
{
    /// <summary>What the last call was answered with; null if nobody answered.</summary>
    public string? Answer { get; private set; }

    public async Task<CallOutcome> CallAsync(CancellationToken stop = default)
    {
        var outcome = await AskAsync(stop);
        // A call that its caller gave up says nothing about the gateway.
        if (!stop.IsCancellationRequested)
            history.Add(outcome);
        return outcome;
    }

    /// <summary>Calls until told to stop or until nobody answers any more.</summary>
    /// <param name="stop">Tells to stop.</param>
    /// <param name="every">The least time from call to call; null: none.</param>
    public async Task FireAsync(CancellationToken stop, TimeSpan? every = null)
    {
        using var pace = new PeriodicTimer(every ?? TimeSpan.FromMilliseconds(1));
        while (!stop.IsCancellationRequested && await CallAsync(stop) is not CallOutcome.Unanswered)
        {
            if (every is not null)
                await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Calls until a whole run of calls was refused: nothing is left for this agent.</summary>
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
