namespace Gateway.Faults.Histories;

/// <summary>What the nemesis did.</summary>
/// <param name="Kind">Such as <c>kill -9</c>.</param>
/// <param name="Members">The gateways that agents call which it touches; empty: none may notice.</param>
/// <param name="FromMs">When it began.</param>
/// <param name="HealedMs">When everything was whole again.</param>
/// <param name="Loses">Whether a window that it touches may lose numbers.</param>
/// <param name="Owners">Owners that may hold up to a block and a half of a window which nobody uses.</param>
internal sealed record Fault(
    string Kind, IReadOnlyList<string> Members, long FromMs, long HealedMs, bool Loses, int Owners = 0)
{
    /// <summary>Touched as the members are, and gone when it is over.</summary>
    public IReadOnlyList<string> Gone { get; init; } = [];

    /// <summary>Gateways that counted meanwhile with an owner of their own, while others counted the same.</summary>
    public IReadOnlyList<string> Apart { get; init; } = [];

    /// <summary>Whatever is wrong at this gateway meanwhile is no wonder.</summary>
    public bool Touches(string member) => Members.Contains(member) || Gone.Contains(member);

    /// <summary>The detail that the report shows.</summary>
    public string Target { get; init; } = "";
}
