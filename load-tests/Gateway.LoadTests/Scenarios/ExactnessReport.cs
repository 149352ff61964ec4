namespace Gateway.LoadTests.Scenarios;

/// <summary>The server's observations, compared with the records and the limits.</summary>
/// <param name="Seen">The calls that the server saw.</param>
/// <param name="Twice">The calls that it saw more than once; not 0 if the gateway is broken.</param>
/// <param name="Unrecorded">The calls that it saw without a recorded decision; not 0 if the gateway is broken.</param>
/// <param name="Windows">The windows of all counters in which it saw any.</param>
/// <param name="Full">Of these, the windows that were used to the last unit.</param>
/// <param name="Over">Of these, the windows with more than the limit admits; not 0 if the gateway is broken.</param>
internal sealed record ExactnessReport(long Seen, long Twice, long Unrecorded, long Windows, long Full, long Over)
{
    public bool IsExact => Twice == 0 && Unrecorded == 0 && Over == 0;
}
