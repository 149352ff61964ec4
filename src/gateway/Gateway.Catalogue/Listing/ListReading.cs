using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Gateway.Control.Options;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Gateway.Catalogue.Listing;

/// <summary>
/// Reads one list of a server page by page, within bounds, and keeps each entry as the server wrote it: the client's
/// own types know less than a server may say.
/// </summary>
internal sealed class ListReading(McpClient client, GatewayOptions options)
{
    /// <summary>Whether every list ended where the server ended it.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>All entries so far.</summary>
    public List<ListedItem> Items { get; } = [];

    /// <exception cref="EndlessListException">The server names pages without end.</exception>
    public async Task ReadAsync<T>(
        InventoryKind kind, string method, string member, string namedBy, CancellationToken cancellationToken)
        where T : Result
    {
        var cursors = new HashSet<string>(StringComparer.Ordinal);
        var room = options.InventoryToolsMax;
        string? cursor = null;
        do
        {
            // One page at a time: the client's own loop has no end but the server's.
            var page = await PageAsync<T>(method, cursor, cancellationToken);
            var entries = page[member]!.AsArray();
            IsWhole &= entries.Count <= room;
            Items.AddRange(entries.Take(room).Select(entry => new ListedItem(
                kind, (string)entry![namedBy]!, entry.ToJsonString())));
            room -= Math.Min(room, entries.Count);
            cursor = (string?)page["nextCursor"];
            if (string.IsNullOrEmpty(cursor))
                return;
            if (room == 0)
            {
                IsWhole = false;
                return;
            }

            if (!cursors.Add(cursor))
                throw new EndlessListException("a cursor that it had named before");
            if (cursors.Count >= options.InventoryPagesMax)
                throw new EndlessListException($"more than {options.InventoryPagesMax} pages");
        }
        while (true);
    }

    private async Task<JsonObject> PageAsync<T>(string method, string? cursor, CancellationToken cancellationToken)
        where T : Result
    {
        var parameters = new JsonObject();
        if (cursor is not null)
            parameters["cursor"] = cursor;
        var response = await client.SendRequestAsync(
            new JsonRpcRequest { Method = method, Params = parameters }, cancellationToken);
        // The client's own type says whether it is of the form that MCP gives it.
        _ = response.Result.Deserialize((JsonTypeInfo<T>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T)));
        return response.Result as JsonObject ?? throw new JsonException("No list.");
    }
}
