namespace Gateway.Faults.Load;

/// <summary>A tool that agents call, and the cost of a call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Grant">The grant of its callers; each grant has its own policy.</param>
/// <param name="Weight">The frequency of its calls, relative to the others.</param>
/// <param name="Limits">The limits that each call is charged to.</param>
internal sealed record Tool(string Name, string Grant, double Weight, params Limit[] Limits)
{
    /// <summary>
    /// The maximum of the call's argument <c>amount</c>, which is counted; 0 if each call counts one.
    /// </summary>
    public int AmountMax { get; init; }

    /// <summary>True if a server error refunds the cost.</summary>
    public bool Refunds { get; init; }

    /// <summary>True if the maximum is changed while the agents call.</summary>
    public bool IsEdited { get; init; }

    /// <summary>True if it is called within sessions.</summary>
    public bool IsPerSession => Limits.Any(limit => limit.IsPerSession);

    /// <summary>The number of values of the argument <c>to</c> that its callers use; 0 for none.</summary>
    public int Values => Limits.Max(limit => limit.ValuesMax) * 4 / 3;

    /// <summary>The maximum number of calls that may be open at once; 0 for no maximum.</summary>
    public int OpenMax { get; init; }

    /// <summary>
    /// The maximum number of writes of one call; an open-calls limit takes one more to acquire a place and one to
    /// release it.
    /// </summary>
    public int Writes => Limits.Sum(limit => limit.Writes) + (OpenMax > 0 ? 2 : 0);

    /// <summary>The maximum that one call takes from a counter.</summary>
    public int CostMax => Math.Max(1, AmountMax);
}
