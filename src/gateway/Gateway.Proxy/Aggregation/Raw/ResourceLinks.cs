using System.Buffers;
using System.Text.Json;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Aggregation.Raw;

/// <summary>
/// The rewriter of the resource URIs in the messages of one server of several, so that the client's next request with
/// one of them reaches that server. All other bytes stay unchanged.
/// </summary>
/// <param name="uris">Seals the URIs.</param>
/// <param name="grant">The grant that receives the messages.</param>
/// <param name="server">The server.</param>
/// <param name="asked">The URIs that the client named in its request, keyed by the server's own.</param>
/// <param name="isOwn">
/// Returns true if the client reads a URI of the server unchanged, so that a notification leaves it unchanged.
/// </param>
internal sealed class ResourceLinks(
    ResourceUris uris, string grant, string server, IReadOnlyDictionary<string, string>? asked = null,
    Func<string, bool>? isOwn = null) : IMessageRewriter
{
    /// <summary>The maximum number of rewritten URIs per message; any further ones stay unchanged.</summary>
    public const int LinksMax = 1000;

    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 512 };

    /// <inheritdoc/>
    public long BytesFor(ReadOnlySpan<byte> message)
    {
        if (Find(message) is not { Count: > 0 } links)
            return 0;
        var overhead = ResourceUris.Overhead(grant, server);
        return message.Length + links.Sum(link => (4L * link.Uri.Length) + overhead);
    }

    /// <inheritdoc/>
    public bool TryRewrite(ReadOnlySpan<byte> message, IBufferWriter<byte> output) =>
        Find(message) is { } links && Write(message, links, output);

    /// <summary>Rewrites the <c>_meta</c> of a tool or a result.</summary>
    public bool TryRewriteMeta(ReadOnlySpan<byte> meta, IBufferWriter<byte> output)
    {
        var links = new List<Link>();
        var reader = new Utf8JsonReader(meta, Deep);
        reader.Read();
        Meta(ref reader, links);
        return Write(meta, links, output);
    }

    private bool Write(ReadOnlySpan<byte> message, List<Link> links, IBufferWriter<byte> output)
    {
        var (from, isChanged) = (0, false);
        foreach (var link in links.OrderBy(static link => link.Start))
        {
            var known = asked?.GetValueOrDefault(link.Uri);
            if (known is null && link.IsNotified && isOwn?.Invoke(link.Uri) == true)
                continue;
            if ((known ?? uris.Seal(grant, server, link.Uri)) is not { } text || text == link.Uri)
                continue;
            output.Write(message[from..link.Start]);
            output.Write(RawJson.Text(text));
            (from, isChanged) = (link.End, true);
        }

        if (isChanged)
            output.Write(message[from..]);
        return isChanged;
    }

    /// <summary>Returns the URIs of a message; null if it has none or no client can parse it.</summary>
    private static List<Link>? Find(ReadOnlySpan<byte> message)
    {
        try
        {
            var links = new List<Link>();
            var reader = new Utf8JsonReader(message, Deep);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            var isUpdated = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isResult, isMethod) = (reader.ValueTextEquals("result"u8), reader.ValueTextEquals("method"u8));
                reader.Read();
                if (isResult)
                    Result(ref reader, links);
                else
                    reader.Skip();
                isUpdated |= isMethod && reader.TokenType == JsonTokenType.String
                    && reader.ValueTextEquals(McpMethods.ResourcesUpdated);
            }

            if (isUpdated && RawJson.Find(message, "params", "uri") is { } place && message[place.Start] == (byte)'"')
            {
                links.Add(new Link(place.Start.Value, place.End.Value, RawJson.String(message[place]))
                {
                    IsNotified = true,
                });
            }

            return links.Count == 0 ? null : links.Count <= LinksMax ? links : links[..LinksMax];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void Result(ref Utf8JsonReader reader, List<Link> links)
    {
        if (!IsObject(ref reader))
            return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isContent, isMessages) = (reader.ValueTextEquals("content"u8), reader.ValueTextEquals("messages"u8));
            var (isContents, isMeta) = (reader.ValueTextEquals("contents"u8), reader.ValueTextEquals("_meta"u8));
            reader.Read();
            if (isContent)
                Blocks(ref reader, links);
            else if (isMeta)
                Meta(ref reader, links);
            else if (isMessages || isContents)
                Entries(ref reader, links, isMessages);
            else
                reader.Skip();
        }
    }

    /// <summary>Collects the URIs in the messages of a prompt or the contents of a resource.</summary>
    private static void Entries(ref Utf8JsonReader reader, List<Link> links, bool isMessages)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!isMessages)
                Member(ref reader, "uri"u8, links);
            else if (IsObject(ref reader))
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var isContent = reader.ValueTextEquals("content"u8);
                    reader.Read();
                    if (isContent)
                        Blocks(ref reader, links);
                    else
                        reader.Skip();
                }
            }
        }
    }

    private static void Blocks(ref Utf8JsonReader reader, List<Link> links)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Block(ref reader, links);
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            Block(ref reader, links);
    }

    /// <summary>Collects the URIs in a content block, whose type may follow its URI.</summary>
    private static void Block(ref Utf8JsonReader reader, List<Link> links)
    {
        if (!IsObject(ref reader))
            return;
        var (linked, embedded) = (new List<Link>(), new List<Link>());
        var (isLink, isResource) = (false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isType, isUri) = (reader.ValueTextEquals("type"u8), reader.ValueTextEquals("uri"u8));
            var isEmbedded = reader.ValueTextEquals("resource"u8);
            reader.Read();
            if (isUri)
                Take(ref reader, linked);
            else if (isEmbedded)
                Member(ref reader, "uri"u8, embedded);
            else if (isType && reader.TokenType == JsonTokenType.String)
            {
                isLink |= reader.ValueTextEquals("resource_link"u8);
                isResource |= reader.ValueTextEquals("resource"u8);
            }
            else
                reader.Skip();
        }

        if (isLink && links.Count < LinksMax)
            links.AddRange(linked);
        if (isResource && links.Count < LinksMax)
            links.AddRange(embedded);
    }

    /// <summary>Collects the document of an MCP app: <c>ui.resourceUri</c>, or its earlier name.</summary>
    private static void Meta(ref Utf8JsonReader reader, List<Link> links)
    {
        if (!IsObject(ref reader))
            return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isUi, isFlat) = (reader.ValueTextEquals("ui"u8), reader.ValueTextEquals("ui/resourceUri"u8));
            reader.Read();
            if (isUi)
                Member(ref reader, "resourceUri"u8, links);
            else if (isFlat)
                Take(ref reader, links);
            else
                reader.Skip();
        }
    }

    /// <summary>Collects one member of the object at the reader's position.</summary>
    private static void Member(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, List<Link> links)
    {
        if (!IsObject(ref reader))
            return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isNamed = reader.ValueTextEquals(name);
            reader.Read();
            if (isNamed)
                Take(ref reader, links);
            else
                reader.Skip();
        }
    }

    private static void Take(ref Utf8JsonReader reader, List<Link> links)
    {
        // An escaped character has at most six bytes.
        if (reader.TokenType == JsonTokenType.String && links.Count < LinksMax
            && reader.ValueSpan.Length <= 6 * ResourceUris.UriCharsMax
            && reader.GetString() is { Length: <= ResourceUris.UriCharsMax } uri)
            links.Add(new Link((int)reader.TokenStartIndex, (int)reader.BytesConsumed, uri));
        reader.Skip();
    }

    /// <summary>Returns true if the reader is at an object; skips any other value.</summary>
    private static bool IsObject(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
            return true;
        reader.Skip();
        return false;
    }

    private sealed record Link(int Start, int End, string Uri)
    {
        public bool IsNotified { get; init; }
    }
}
