namespace Gateway.Control.Usage.Asking;

/// <summary>A tool that is often called together with another one.</summary>
/// <param name="Tool">Its name.</param>
/// <param name="Together">In how many hours a grant called both; an hour counts once for each grant.</param>
/// <param name="Hours">In how many a grant called the other one.</param>
public sealed record UsageCompanion(string Tool, int Together, int Hours);
