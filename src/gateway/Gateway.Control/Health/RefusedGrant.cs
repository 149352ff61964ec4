namespace Gateway.Control.Health;

/// <summary>A grant that was refused lately.</summary>
/// <param name="Name">The grant.</param>
/// <param name="Count">How often.</param>
/// <param name="Rule">By which rule last: a JSON Pointer, or a built-in name.</param>
/// <param name="LastMs">When, Unix milliseconds.</param>
public sealed record RefusedGrant(string Name, long Count, string Rule, long LastMs);
