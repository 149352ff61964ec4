namespace Gateway.Fuzz.Targets;

/// <summary>The targets by name. Each throws where a property does not hold: a crash for the fuzzer.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyDictionary<string, Action<byte[]>> All { get; } = new Dictionary<string, Action<byte[]>>
    {
        ["events"] = EventTarget.Run,
        ["headers"] = HeaderTarget.Run,
        ["json"] = JsonTarget.Run,
        ["mcp"] = McpTarget.Run,
        ["policy"] = PolicyTarget.Run,
    };
}
