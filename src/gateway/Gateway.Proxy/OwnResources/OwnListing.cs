using System.Text.Json;
using Gateway.Mcp;
using Gateway.Mcp.Lists;
using Gateway.Mcp.Protocol;

namespace Gateway.Proxy.OwnResources;

/// <summary>
/// The list filter that adds <c>gateway://limits</c> to the end of a server's first page of resources, and the
/// capability to the server's description of itself. For a server without resources, the list has only this entry.
/// </summary>
internal sealed class OwnListing : IListFilter
{
    /// <summary>The entry as raw JSON.</summary>
    public static ReadOnlyMemory<byte> Entry { get; } = (byte[])
    [
        .. """{"uri":"gateway://limits","name":"limits","title":"Limits","description":"How much of your """u8,
        .. "limits is used, and when there is room again. Reading this resource counts nothing."u8,
        .. "\",\"mimeType\":\"application/json\"}"u8,
    ];

    private readonly IListFilter? _inner;
    private readonly bool _isFirst;

    private OwnListing(McpMessage message, McpRevision revision, IListFilter? inner)
    {
        _inner = inner;
        _isFirst = message.Method == McpMethods.ResourcesList && IsFirst(message.Body.Span);
        AddsResources = message.Method is McpMethods.Initialize or McpMethods.ServerDiscover;
        if (message.Method == McpMethods.ResourcesTemplatesList)
            WithoutMethod = Result("\"resourceTemplates\":[]"u8, revision);
        else if (_isFirst)
            WithoutMethod = Result([.. "\"resources\":["u8, .. Entry.Span, .. "]"u8], revision);
    }

    public ReadOnlyMemory<byte> WithoutMethod { get; }

    public bool AddsResources { get; }

    /// <summary>Returns the filter for a message that involves this resource; otherwise the inner filter.</summary>
    public static IListFilter? Over(IListFilter? inner, McpMessage message, McpRevision revision) =>
        message.Method is McpMethods.ResourcesList or McpMethods.ResourcesTemplatesList or McpMethods.Initialize
            or McpMethods.ServerDiscover
            ? new OwnListing(message, revision, inner)
            : inner;

    public bool IsListed(McpListKind kind, string name) => _inner is null || _inner.IsListed(kind, name);

    public bool IsShown(McpListKind kind, string name, ReadOnlySpan<byte> entry) =>
        _inner is null || _inner.IsShown(kind, name, entry);

    public byte[][]? Rewritten(McpListKind kind, string name, ReadOnlySpan<byte> entry) =>
        _inner?.Rewritten(kind, name, entry);

    public ReadOnlyMemory<byte> Added(McpListKind kind) =>
        _isFirst && kind == McpListKind.Resources ? Entry : default;

    private static byte[] Result(ReadOnlySpan<byte> members, McpRevision revision) => revision == McpRevision.Stateless
        ? [.. """{"resultType":"complete","ttlMs":0,"cacheScope":"private","""u8, .. members, .. "}"u8]
        : [.. "{"u8, .. members, .. "}"u8];

    private static bool IsFirst(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        using var request = JsonDocument.ParseValue(ref reader);
        return !request.RootElement.TryGetProperty("params", out var parameters)
            || parameters.ValueKind != JsonValueKind.Object || !parameters.TryGetProperty("cursor", out var cursor)
            || cursor.ValueKind == JsonValueKind.Null;
    }
}
