namespace Gateway.Control.Health;

/// <summary>A grant that was refused recently.</summary>
/// <param name="Name">The grant.</param>
/// <param name="Count">The number of refusals.</param>
/// <param name="Rule">The last rule that refused it: a JSON Pointer, or a built-in name.</param>
/// <param name="LastMs">The time of the last refusal in Unix milliseconds.</param>
public sealed record RefusedGrant(string Name, long Count, string Rule, long LastMs);
