namespace Gateway.Audit.Records;

/// <summary>A standing approval as it goes on record; its conditions hold values of arguments, and do not.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Uses">How many calls it is for.</param>
/// <param name="Used">How many went ahead by it.</param>
/// <param name="UntilMs">When it ends, Unix milliseconds.</param>
public sealed record StandingEvent(string Id, int Uses, int Used, long UntilMs);
