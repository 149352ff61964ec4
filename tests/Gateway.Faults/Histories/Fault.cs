namespace Gateway.Faults.Histories;

/// <summary>A fault that the nemesis caused.</summary>
/// <param name="Kind">The kind, such as <c>kill -9</c>.</param>
/// <param name="Members">The affected gateways that agents call; empty if no agent may notice.</param>
/// <param name="FromMs">The beginning.</param>
/// <param name="HealedMs">The time when everything was healed.</param>
/// <param name="Loses">True if an affected window may lose numbers.</param>
/// <param name="Owners">
/// The number of owners that may each keep up to one and a half blocks of a window that nobody uses.
/// </param>
internal sealed record Fault(
    string Kind, IReadOnlyList<string> Members, long FromMs, long HealedMs, bool Loses, int Owners = 0)
{
    /// <summary>The gateways that are affected like the members, and gone after the fault.</summary>
    public IReadOnlyList<string> Gone { get; init; } = [];

    /// <summary>
    /// The gateways that counted with a separate owner during the fault, while others counted the same.
    /// </summary>
    public IReadOnlyList<string> Apart { get; init; } = [];

    /// <summary>Returns true if problems at this gateway are expected during the fault.</summary>
    public bool Touches(string member) => Members.Contains(member) || Gone.Contains(member);

    /// <summary>The detail that the report shows.</summary>
    public string Target { get; init; } = "";
}
