namespace Gateway.Admin.Records;

/// <summary>A grant that this process refused in the last hour.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Count">How often.</param>
/// <param name="LastRule">By which rule last.</param>
/// <param name="LastAt">When.</param>
internal sealed record RefusedGrantView(string Grant, long Count, string LastRule, DateTimeOffset LastAt);
