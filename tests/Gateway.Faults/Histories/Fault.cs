namespace Gateway.Faults.Histories;

/// <summary>What the nemesis did.</summary>
/// <param name="Kind">Such as <c>kill -9</c>.</param>
/// <param name="Members">The gateways that agents call which it touches; empty: none may notice.</param>
/// <param name="FromMs">When it began.</param>
/// <param name="HealedMs">When everything was whole again.</param>
/// <param name="Loses">Whether a window that it touches may lose numbers.</param>
/// <param name="MovesOwners">Whether counters lose their only owner, and with it up to a block and a half.</param>
internal sealed record Fault(
    string Kind, IReadOnlyList<string> Members, long FromMs, long HealedMs, bool Loses, bool MovesOwners = false)
{
    /// <summary>The detail that the report shows.</summary>
    public string Target { get; init; } = "";
}
