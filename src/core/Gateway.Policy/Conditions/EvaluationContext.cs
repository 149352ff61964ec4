using Gateway.Policy.Json;
using Gateway.Policy.Lists;

namespace Gateway.Policy.Conditions;

/// <summary>The input of a condition: one call at one instant.</summary>
/// <param name="Arguments">The call's arguments.</param>
/// <param name="Work">The budget for the evaluation.</param>
internal readonly record struct EvaluationContext(JsonNode Arguments, WorkBudget Work)
{
    /// <summary>The instant of the decision; null if no clock can be trusted.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The lists that conditions may use.</summary>
    public NamedLists Lists { get; init; } = NamedLists.None;

    /// <summary>The caller as an object; without members if no token identified one.</summary>
    public JsonNode Caller { get; init; } = Nobody;

    /// <summary>The reason why the caller cannot be read; null if it can.</summary>
    public string? CallerFault { get; init; }

    /// <summary>The result of comparing an absent value: false, except for <c>approve_if</c>.</summary>
    public TriState Missing { get; init; }

    private static JsonNode Nobody { get; } = JsonNode.OfObject(0, []);

    /// <summary>
    /// Returns the value at which a path begins. Without a readable caller, the evaluation fails as a whole.
    /// </summary>
    public JsonNode RootOf(ArgumentPath path)
    {
        if (!path.IsOfCaller)
            return Arguments;
        if (CallerFault is { } fault)
            Work.Fail(fault);
        return Caller;
    }
}
