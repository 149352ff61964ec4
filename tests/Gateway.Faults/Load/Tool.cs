namespace Gateway.Faults.Load;

/// <summary>A tool that agents call, and what a call of it costs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Grant">The grant that its callers have; each has a policy of its own.</param>
/// <param name="Weight">How often it is called, beside the others.</param>
/// <param name="Limits">What each call is charged to.</param>
internal sealed record Tool(string Name, string Grant, double Weight, params Limit[] Limits)
{
    /// <summary>The call's argument <c>amount</c> is counted, up to this many units; 0: each call counts one.</summary>
    public int AmountMax { get; init; }

    /// <summary>An error of the server gives the cost back.</summary>
    public bool Refunds { get; init; }

    /// <summary>The maximum is changed while the agents call.</summary>
    public bool IsEdited { get; init; }

    /// <summary>It is called within sessions.</summary>
    public bool IsPerSession => Limits.Any(limit => limit.IsPerSession);

    /// <summary>How many values of the argument <c>to</c> its callers have; 0: they give none.</summary>
    public int Values => Limits.Max(limit => limit.ValuesMax) * 4 / 3;

    /// <summary>The most of its calls that may be open at once; 0: any number.</summary>
    public int OpenMax { get; init; }

    /// <summary>The most that one call writes: where it has a place, that is taken and given back.</summary>
    public int Writes => Limits.Sum(limit => limit.Writes) + (OpenMax > 0 ? 2 : 0);

    /// <summary>The most that one call takes from a counter.</summary>
    public int CostMax => Math.Max(1, AmountMax);
}
