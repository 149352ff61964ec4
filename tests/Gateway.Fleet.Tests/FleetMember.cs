namespace Gateway.Fleet.Tests;

/// <summary>One gateway of a fleet, with what its agents saw.</summary>
internal sealed class FleetMember(string name, GatewayProcess process, string data) : IAsyncDisposable
{
    public string Name => name;

    /// <summary>Its data directory.</summary>
    public string Data => data;

    public GatewayProcess Process => process;

    public CallHistory History { get; } = new(name);

    /// <summary>What it put on record.</summary>
    public IReadOnlyList<JsonElement> Audit => AuditTrail.Read(Path.Combine(data, "audit"));

    /// <summary>Calls that its record says it let through, so far.</summary>
    public int LetThrough => Audit.Count(record =>
        record.GetProperty("kind").GetString() == "decision" && record.GetProperty("outcome").GetString() == "allowed");

    /// <param name="tool">What the agent calls.</param>
    /// <param name="history">Where its calls are kept; null: with those of the gateway's other agents.</param>
    public Agent Agent(string tool, CallHistory? history = null) =>
        new(process.Client(), tool, history ?? History);

    /// <summary>The status of <c>/readyz</c>: 200 or 503.</summary>
    public async Task<HttpStatusCode> ReadinessAsync() => (await ReadinessTextAsync()).Status;

    /// <summary>The status and the text of <c>/readyz</c>.</summary>
    public async Task<(HttpStatusCode Status, string Text)> ReadinessTextAsync()
    {
        using var client = process.Client();
        using var response = await client.GetAsync(new Uri(process.Address, "/readyz"));
        return (response.StatusCode, (await response.Content.ReadAsStringAsync()).TrimEnd());
    }

    public Task BecomesAsync(HttpStatusCode readiness) => Soon.UntilAsync(
        async () => await ReadinessAsync() == readiness, $"{name} answers {(int)readiness} on /readyz");

    /// <summary>Ends in good order.</summary>
    public async Task StopAsync()
    {
        process.Terminate();
        await process.WaitForExitAsync();
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
