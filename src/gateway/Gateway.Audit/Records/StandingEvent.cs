namespace Gateway.Audit.Records;

/// <summary>
/// A standing approval as recorded. Its conditions contain argument values, so they are not recorded.
/// </summary>
/// <param name="Id">Id of the standing approval.</param>
/// <param name="Uses">Number of calls that it covers.</param>
/// <param name="Used">Number of calls that have used it.</param>
/// <param name="UntilMs">Time at which it ends, in Unix milliseconds.</param>
public sealed record StandingEvent(string Id, int Uses, int Used, long UntilMs);
