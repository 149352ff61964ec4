using Gateway.Proxy.Scanning;

namespace Gateway.Admin.Tools;

/// <summary>The differences between a server's tools and the accepted ones.</summary>
/// <param name="Server">The name of the server.</param>
/// <param name="Inventory">The number of the inventory that was compared.</param>
/// <param name="BaselineAt">The time at which the first complete list was accepted; absent before.</param>
/// <param name="InstructionsChanged">True if the server's instructions to clients have changed.</param>
/// <param name="InstructionsFindings">The findings in the instructions.</param>
/// <param name="Tools">The tools that differ, by name.</param>
/// <param name="Items">The prompts, resources and templates that differ or have findings.</param>
/// <param name="SeenAt">The time at which the server last listed them.</param>
/// <param name="Stale">The reason why the list could not be updated since; absent if it could.</param>
internal sealed record DriftView(
    string Server,
    long Inventory,
    DateTimeOffset? BaselineAt,
    bool InstructionsChanged,
    IReadOnlyList<Finding> InstructionsFindings,
    IReadOnlyList<DriftToolView> Tools,
    IReadOnlyList<DriftToolView> Items,
    DateTimeOffset? SeenAt,
    string? Stale);
