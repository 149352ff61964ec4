namespace Gateway.Control.Usage.Asking;

/// <summary>A tool that is often called together with another one.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="Together">The number of hours in which a grant called both; an hour counts once for each grant.</param>
/// <param name="Hours">The number of hours in which a grant called the other tool.</param>
public sealed record UsageCompanion(string Tool, int Together, int Hours);
