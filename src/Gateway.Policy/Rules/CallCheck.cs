using Gateway.Policy.Json;

namespace Gateway.Policy.Rules;

/// <summary>One test of a call's arguments.</summary>
internal abstract class CallCheck(bool isShadow)
{
    /// <summary>A denial is only recorded.</summary>
    public bool IsShadow { get; } = isShadow;

    /// <summary>The denial, or null where the arguments pass.</summary>
    public abstract Decision? Deny(JsonNode arguments);
}
