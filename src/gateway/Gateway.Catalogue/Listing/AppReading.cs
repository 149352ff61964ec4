using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Proxy.Pinning;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Gateway.Catalogue.Listing;

/// <summary>A reader of the pages of the apps that a server's tools name.</summary>
internal static class AppReading
{
    /// <summary>The maximum number of pages of one server; further ones are not read, thus not accepted.</summary>
    public const int AppsMax = 32;

    private const string Scheme = "ui:";

    /// <summary>Reads the pages; one that cannot be read has the reason instead.</summary>
    public static async Task<IReadOnlyList<AppContent>> ReadAsync(
        McpClient client, IReadOnlyList<ListedItem> items, CancellationToken cancellationToken)
    {
        var apps = new List<AppContent>();
        var uris = items.Where(static item => item.Kind == InventoryKind.Tool)
            .Select(static item => AppContent.UriOf(Encoding.UTF8.GetBytes(item.Definition))).OfType<string>()
            .Where(static uri => uri.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            .Distinct(StringComparer.Ordinal).Take(AppsMax);
        foreach (var uri in uris)
            apps.Add(await ReadAsync(client, items, uri, cancellationToken));
        return apps;
    }

    private static async Task<AppContent> ReadAsync(
        McpClient client, IReadOnlyList<ListedItem> items, string uri, CancellationToken cancellationToken)
    {
        try
        {
            var response = await client.SendRequestAsync(
                new JsonRpcRequest
                {
                    Method = RequestMethods.ResourcesRead,
                    Params = new JsonObject { ["uri"] = uri },
                },
                cancellationToken);
            if (response.Result?["contents"] is not JsonArray { Count: > 0 } contents)
                return new AppContent(uri, null) { Problem = "The resource has no contents." };
            var listed = items.FirstOrDefault(item => item.Kind == InventoryKind.Resource && item.Name == uri);
            return AppContent.Of(
                uri, Bytes(contents[0]!.ToJsonString()), listed is null ? default : Bytes(listed.Definition));
        }
        catch (Exception e) when (e is McpException or JsonException or InvalidOperationException)
        {
            return new AppContent(uri, null) { Problem = "The server did not return the page." };
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
