using Gateway.Proxy.Scanning;

namespace Gateway.Admin.Tools;

/// <summary>How a server's tools differ from what was accepted.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Inventory">The number of the inventory that this was read from.</param>
/// <param name="BaselineAt">When the first complete list was accepted; absent before.</param>
/// <param name="InstructionsChanged">Whether what the server tells every client is another.</param>
/// <param name="InstructionsFindings">What was found in that.</param>
/// <param name="Tools">Those that differ, by name.</param>
/// <param name="SeenAt">When the server last listed them.</param>
/// <param name="Stale">Why it cannot be asked since; absent while it can.</param>
internal sealed record DriftView(
    string Server,
    long Inventory,
    DateTimeOffset? BaselineAt,
    bool InstructionsChanged,
    IReadOnlyList<Finding> InstructionsFindings,
    IReadOnlyList<DriftToolView> Tools,
    DateTimeOffset? SeenAt,
    string? Stale);
