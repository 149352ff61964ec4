using Gateway.Proxy.Pinning;
using Gateway.Proxy.Scanning;

namespace Gateway.Admin.Tools;

/// <summary>A tool, prompt, resource or template that differs from its accepted definition.</summary>
/// <param name="Name">The name of the tool or prompt, the URI, or the template.</param>
/// <param name="Drift">
/// <c>none</c>, <c>display</c>, <c>app</c>, <c>hints</c>, <c>safer_hints</c>, <c>contract</c>, <c>new</c> or
/// <c>unreadable</c>.
/// </param>
/// <param name="Standing">The effect in policies: <c>accepted</c>; <c>unaccepted</c>, which <c>"pin": "deny"</c>
/// refuses; <c>blocked</c>, which every policy refuses; or <c>reported</c> for anything but a tool, which no policy
/// refuses.</param>
/// <param name="Contract">The hash of its current contract; absent if it cannot be read.</param>
/// <param name="FirstSeen">The time at which it first was in a list.</param>
/// <param name="AcceptedBy">The operator who accepted it before; <c>(baseline)</c> for the first complete list.</param>
/// <param name="AcceptedAt">The time of that.</param>
/// <param name="Changes">The changes of its definition.</param>
/// <param name="Findings">The findings in its definition, and in the page of its app.</param>
internal sealed record DriftToolView(
    string Name,
    string Drift,
    string Standing,
    string? Contract,
    DateTimeOffset FirstSeen,
    string? AcceptedBy,
    DateTimeOffset? AcceptedAt,
    IReadOnlyList<DefinitionChange> Changes,
    IReadOnlyList<Finding> Findings)
{
    /// <summary><c>tool</c>, <c>prompt</c>, <c>resource</c> or <c>template</c>.</summary>
    public string Kind { get; init; } = "tool";

    /// <summary>The hash of the page of its app; absent if it has none.</summary>
    public string? AppSha256 { get; init; }

    /// <summary>The class that was accepted before; absent if none was.</summary>
    public string? Class { get; init; }

    /// <summary>The class that accepting the tool gives it; absent if its definition is not stored.</summary>
    public string? ClassProposed { get; init; }
}
