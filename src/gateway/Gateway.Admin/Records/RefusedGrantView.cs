namespace Gateway.Admin.Records;

/// <summary>A grant that this process refused in the last hour.</summary>
/// <param name="Grant">The name of the grant.</param>
/// <param name="Count">The number of refusals.</param>
/// <param name="LastRule">The rule of the last one.</param>
/// <param name="LastAt">The time of the last one.</param>
internal sealed record RefusedGrantView(string Grant, long Count, string LastRule, DateTimeOffset LastAt);
