using System.Collections.Concurrent;
using System.Collections.Frozen;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;
using Gateway.Control.Documents;
using Gateway.Control.Notifications.Messages;

namespace Gateway.Catalogue.Keeping;

/// <summary>The classifications of tools from the stored inventories, without requests to servers.</summary>
internal sealed class ToolKinds(InventoryStore inventories) : IToolKinds
{
    private readonly ConcurrentDictionary<string, (long Number, FrozenDictionary<string, ToolFacts> Tools)> _known =
        new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask<(string Category, string Risk)?> OfAsync(
        ControlSnapshot documents, string server, string tool, CancellationToken cancellationToken)
    {
        // Many events are about no server.
        if (server.Length == 0 || inventories.Pointer(server) is not { } pointer)
            return null;
        if (!_known.TryGetValue(server, out var known) || known.Number != pointer.Number)
        {
            var kept = await inventories.FindAsync(server, cancellationToken);
            known = (pointer.Number, (kept?.Offered ?? []).Where(static item => item.Definition is not null)
                .ToFrozenDictionary(
                    static item => item.Name,
                    static item => ToolFacts.Of(new ListedItem(item.Kind, item.Name, item.Definition!))));
            _known[server] = known;
        }

        if (!known.Tools.TryGetValue(tool, out var facts))
            return null;
        var found = OperatorClassifications.Of(documents, server, facts);
        return (found.Category.ToString(), found.Risk.ToString());
    }
}
