using Gateway.Proxy.Pinning;
using Gateway.Proxy.Scanning;

namespace Gateway.Admin.Tools;

/// <summary>A tool that is not what was accepted of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Drift">
/// <c>none</c>, <c>display</c>, <c>hints</c>, <c>safer_hints</c>, <c>contract</c>, <c>new</c> or <c>unreadable</c>.
/// </param>
/// <param name="Standing">
/// What a policy makes of it: <c>accepted</c>; <c>unaccepted</c>, which <c>"pin": "deny"</c> refuses; or
/// <c>blocked</c>, which every policy refuses.
/// </param>
/// <param name="Contract">The hash of its contract as it is; absent where it cannot be read.</param>
/// <param name="FirstSeen">When it was first in a list.</param>
/// <param name="AcceptedBy">Who accepted what it was; <c>(baseline)</c> for the first complete list.</param>
/// <param name="AcceptedAt">When.</param>
/// <param name="Changes">What of it is another.</param>
/// <param name="Findings">What was found in it.</param>
internal sealed record DriftToolView(
    string Name,
    string Drift,
    string Standing,
    string? Contract,
    DateTimeOffset FirstSeen,
    string? AcceptedBy,
    DateTimeOffset? AcceptedAt,
    IReadOnlyList<DefinitionChange> Changes,
    IReadOnlyList<Finding> Findings);
