namespace Gateway.Policy.Tests.Oracle;

/// <summary>
/// What a call has that conditions look at. The caller is undefined if there is none, otherwise as tests of a policy
/// write it.
/// </summary>
internal sealed record OracleCall(JsonElement Arguments, DateTimeOffset At, JsonElement Caller = default)
{
    /// <summary>The value that a path begins at.</summary>
    public JsonElement RootOf(string path) =>
        path.StartsWith("caller", StringComparison.Ordinal) ? Caller : Arguments;
}
