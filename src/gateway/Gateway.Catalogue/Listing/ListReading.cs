using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Mcp.Reading;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Gateway.Catalogue.Listing;

/// <summary>
/// A reader of one list of a server, page by page and within bounds, which keeps each entry as the server wrote it,
/// because the client's own types do not cover everything that a server may send.
/// </summary>
internal sealed class ListReading(McpClient client)
{
    public const int ItemsMax = 10_000;

    /// <summary>True if every list was read to the end that the server gave it.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>All entries so far.</summary>
    public List<ListedItem> Items { get; } = [];

    /// <exception cref="EndlessListException">The server returns an endless sequence of pages.</exception>
    /// <exception cref="JsonException">A page is not a list of named entries.</exception>
    public async Task ReadAsync(
        InventoryKind kind, string method, string member, string namedBy, CancellationToken cancellationToken)
    {
        var cursors = new HashSet<string>(StringComparer.Ordinal);
        var room = ItemsMax;
        string? cursor = null;
        do
        {
            // One page at a time: only the server ends the client's own loop.
            var page = await PageAsync(method, cursor, cancellationToken);
            var entries = page[member] as JsonArray ?? throw Misshapen($"$.{member}");
            IsWhole &= entries.Count <= room;
            Items.AddRange(entries.Take(room).Select((entry, i) => new ListedItem(
                kind, Text(entry, namedBy) ?? throw Misshapen($"$.{member}[{i}].{namedBy}"), entry!.ToJsonString())));
            room -= Math.Min(room, entries.Count);
            cursor = Text(page, "nextCursor");
            if (string.IsNullOrEmpty(cursor))
                return;
            if (room == 0)
            {
                IsWhole = false;
                return;
            }

            if (!cursors.Add(cursor))
                throw new EndlessListException("a cursor that it had already sent");
            if (cursors.Count >= McpReadBounds.ListPagesMax)
                throw new EndlessListException($"more than {McpReadBounds.ListPagesMax} pages");
        }
        while (true);
    }

    /// <summary>Reads only the name of an entry, so that one with a wrong schema does not hide the others.</summary>
    private static string? Text(JsonNode? of, string member) =>
        of is JsonObject found && found[member] is JsonValue value && value.TryGetValue<string>(out var text)
            ? text : null;

    private static JsonException Misshapen(string path) => new(null, path, null, null);

    private async Task<JsonObject> PageAsync(string method, string? cursor, CancellationToken cancellationToken)
    {
        var parameters = new JsonObject();
        if (cursor is not null)
            parameters["cursor"] = cursor;
        var response = await client.SendRequestAsync(
            new JsonRpcRequest { Method = method, Params = parameters }, cancellationToken);
        return response.Result as JsonObject ?? throw Misshapen("$");
    }
}
