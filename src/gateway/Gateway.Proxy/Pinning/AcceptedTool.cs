using System.Text.Json.Serialization;
using Gateway.Policy.Classes;
using Gateway.Proxy.Scanning;

namespace Gateway.Proxy.Pinning;

/// <summary>The accepted version of a tool, as stored.</summary>
/// <param name="Contract">The hash of its contract.</param>
/// <param name="Hints">The hash of its hints.</param>
/// <param name="Display">The hash of its display members.</param>
/// <param name="Safety">The harmlessness that its hints claimed.</param>
/// <param name="By">The name of the person who accepted it; <see cref="Baseline"/> for the first complete list.</param>
/// <param name="At">The time of acceptance.</param>
/// <param name="Definition">The full definition; null if it is unchanged or too long to keep.</param>
public sealed record AcceptedTool(
    string Contract, string Hints, string Display, string Safety, string By, DateTimeOffset At, string? Definition)
{
    /// <summary>The name under which the first complete list is accepted.</summary>
    public const string Baseline = "(baseline)";

    /// <summary>The hash of the findings that were shown at acceptance; null if there were none.</summary>
    public string? Findings { get; init; }

    /// <summary>
    /// The accepted class; null if none was accepted, as by earlier releases, which also drop it when they store the
    /// tool again. The tool then counts as uncertain.
    /// </summary>
    public AcceptedClass? Class { get; init; }

    /// <summary>
    /// The accepted app of the tool; null if there is none, as in what earlier releases stored. It then has no external
    /// origins and no permissions, unless a policy lists them.
    /// </summary>
    public AppContent? App { get; init; }

    /// <summary>
    /// The version that this one replaced, for an undo; empty if none was accepted, and null if it is not known. An
    /// earlier release drops it when it stores the tool again.
    /// </summary>
    public IReadOnlyList<AcceptedTool>? Replaced { get; init; }

    /// <summary>Returns one hash of all findings, or null if there are none.</summary>
    public static string? HashOf(IReadOnlyList<Finding>? findings) => findings is not { Count: > 0 }
        ? null
        : ToolDefinition.HashOf(string.Join('\n', findings.Select(
            static one => $"{one.Kind} {one.Place} {one.Reason}")));

    /// <summary>Returns a copy without the text of its definition.</summary>
    public AcceptedTool WithoutText() => this with
    {
        Definition = null,
        Replaced = Replaced is null ? null : [.. Replaced.Select(static one => one.WithoutText())],
    };
}

/// <summary>The class that was accepted with a definition, as stored.</summary>
/// <param name="Name">The name of the class, as policies write it.</param>
/// <param name="Origin"><see cref="OfOperator"/>, or the classifier with its version.</param>
/// <param name="By">The name of the person who accepted it; <see cref="AcceptedTool.Baseline"/> for none.</param>
/// <param name="At">The time of acceptance.</param>
/// <param name="Reason">The operator's reason; null if the classifier proposed the class.</param>
public sealed record AcceptedClass(string Name, string Origin, string By, DateTimeOffset At, string? Reason)
{
    /// <summary>The origin of a class that an operator chose.</summary>
    public const string OfOperator = "operator";

    /// <summary>The class; a name that this release does not know is uncertain.</summary>
    [JsonIgnore]
    public ToolClass Value => ToolClasses.Of(Name) ?? ToolClass.Uncertain;
}
