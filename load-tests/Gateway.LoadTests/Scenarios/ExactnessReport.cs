namespace Gateway.LoadTests.Scenarios;

/// <summary>What the server saw, held against what was recorded and what the limits admit.</summary>
/// <param name="Seen">Calls that the server saw.</param>
/// <param name="Twice">Calls that it saw more than once; 0 or the gateway is broken.</param>
/// <param name="Unrecorded">Calls that it saw and no decision stands for; 0 or the gateway is broken.</param>
/// <param name="Windows">Windows of all counters in which it saw any.</param>
/// <param name="Full">Of these, windows that were used to the last unit.</param>
/// <param name="Over">Of these, windows with more than the limit admits; 0 or the gateway is broken.</param>
internal sealed record ExactnessReport(long Seen, long Twice, long Unrecorded, long Windows, long Full, long Over)
{
    public bool IsExact => Twice == 0 && Unrecorded == 0 && Over == 0;
}
