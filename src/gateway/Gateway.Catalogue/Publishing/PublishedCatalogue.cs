using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Importing;
using Gateway.Catalogue.Indexing;

namespace Gateway.Catalogue.Publishing;

/// <summary>
/// The published catalogue: facts about the tools of public servers, as compressed lines of JSON. The first line is the
/// head, each further one a server. It contains no text of a server apart from names.
/// </summary>
internal static class PublishedCatalogue
{
    /// <summary>The name of the format in the head.</summary>
    public const string Format = "policy-gateway-catalogue";

    /// <summary>The version of the format; a later version is refused.</summary>
    public const int Version = 1;

    /// <summary>The maximum size of the compressed catalogue, in bytes.</summary>
    public const int BytesMax = 15 << 20;

    /// <summary>The maximum size of the catalogue, in bytes: a small file can decompress to a very large one.</summary>
    public const long RawBytesMax = 256L << 20;

    private const int LineBytesMax = 8 << 20;
    private const string Resource = "published.catalogue";

    /// <summary>Returns the catalogue that this program contains, or null if it was built without one.</summary>
    public static Stream? OpenShipped() => Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource);

    /// <summary>Writes a catalogue. Its servers are sorted by name.</summary>
    public static void Write(Stream to, PublishedHead head, IEnumerable<PublishedServer> servers)
    {
        const int windowBits = 24;
        const int quality = 11;
        using var raw = new MemoryStream();
        JsonSerializer.Serialize(raw, head, PublishingJson.Default.PublishedHead);
        foreach (var server in servers)
        {
            raw.WriteByte((byte)'\n');
            JsonSerializer.Serialize(raw, server, PublishingJson.Default.PublishedServer);
        }

        var packed = new byte[BrotliEncoder.GetMaxCompressedLength((int)raw.Length)];
        var lines = raw.GetBuffer().AsSpan(0, (int)raw.Length);
        if (!BrotliEncoder.TryCompress(lines, packed, out var length, quality, windowBits))
            throw new InvalidOperationException("The catalogue could not be compressed.");
        to.Write(packed.AsSpan(0, length));
    }

    /// <summary>Returns the head of a catalogue.</summary>
    /// <exception cref="IndexException">It is not a catalogue that this program reads.</exception>
    public static PublishedHead ReadHead(Stream from)
    {
        using var lines = Lines(from).GetEnumerator();
        return ReadHead(lines);
    }

    /// <summary>Reads all servers of a catalogue.</summary>
    /// <exception cref="IndexException">It is not a catalogue that this program reads.</exception>
    public static IEnumerable<PublishedServer> ReadServers(Stream from)
    {
        using var lines = Lines(from).GetEnumerator();
        ReadHead(lines);
        while (lines.MoveNext())
            yield return Parse(lines.Current, PublishingJson.Default.PublishedServer);
    }

    /// <summary>Builds an index of a catalogue, and returns its head.</summary>
    /// <param name="from">The compressed catalogue.</param>
    /// <param name="index">An empty, seekable stream.</param>
    /// <param name="isPublished">False if a later catalogue of a program may not take its place.</param>
    /// <exception cref="IndexException">It is not a catalogue that this program reads.</exception>
    public static PublishedHead Build(Stream from, Stream index, bool isPublished = true)
    {
        using var builder = new IndexBuilder(index);
        using var lines = Lines(from).GetEnumerator();
        var head = ReadHead(lines);
        try
        {
            while (lines.MoveNext())
                Add(builder, Parse(lines.Current, PublishingJson.Default.PublishedServer));
        }
        catch (ArgumentException e)
        {
            throw new IndexException("has servers that are not sorted by name", e);
        }

        if ((builder.Servers, builder.Tools) != (head.Servers, head.Tools))
        {
            throw new IndexException($"is cut off: it has {builder.Servers} servers of {head.Servers}, "
                + $"and {builder.Tools} tools of {head.Tools}");
        }

        builder.Finish(head.MadeAt, isPublished);
        return head;
    }

    private static void Add(IndexBuilder builder, PublishedServer server)
    {
        builder.BeginServer(
            server.Name, null, new ServerOrigin(server.Package, server.Repository, TransportOf(server.Transport)));
        if (!builder.HasRoom(server.Tools.Count))
            throw new IndexException("has more tools than an index can contain");
        foreach (var tool in server.Tools)
        {
            builder.Add(new IndexedTool(server.Name, tool.Name, null, null, tool.Class, tool.Risk, tool.Confidence)
            {
                Parameters = tool.Parameters is { Count: > 0 } parameters
                    ? string.Join(", ", parameters.Select(static one => $"{one.Key}: {one.Value}"))
                    : null,
                Reason = string.Join(' ', tool.Reasons),
                Rule = tool.Rule,
            });
        }
    }

    private static KnownTransport TransportOf(string? transport) => transport switch
    {
        "stdio" => KnownTransport.Stdio,
        "streamable-http" => KnownTransport.Http,
        "sse" => KnownTransport.Sse,
        _ => KnownTransport.Unknown,
    };

    private static PublishedHead ReadHead(IEnumerator<byte[]> lines)
    {
        if (!lines.MoveNext())
            throw new IndexException("is empty");
        var head = Parse(lines.Current, PublishingJson.Default.PublishedHead);
        if (head.Format != Format)
            throw new IndexException("is not a catalogue");
        return head.Version == Version ? head : throw new IndexException(
            $"has version {head.Version}, but this gateway reads version {Version}");
    }

    private static T Parse<T>(byte[] line, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(line, type) ?? throw new IndexException("is not a catalogue");
        }
        catch (JsonException e)
        {
            throw new IndexException($"has a line that cannot be read: {e.Message}", e);
        }
    }

    private static IEnumerable<byte[]> Lines(Stream from)
    {
        using var raw = new BrotliStream(from, CompressionMode.Decompress, leaveOpen: true);
        using var lines = DumpLines.Read(raw, LineBytesMax).GetEnumerator();
        var total = 0L;
        while (Next(lines))
        {
            var line = lines.Current.Line ?? throw new IndexException($"has a line of over {LineBytesMax} bytes");
            total += line.Length;
            if (total > RawBytesMax)
                throw new IndexException($"has over {RawBytesMax} bytes");
            yield return line;
        }

        static bool Next(IEnumerator<(int Number, byte[]? Line)> lines)
        {
            try
            {
                return lines.MoveNext();
            }
            catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
            {
                throw new IndexException("is damaged: it cannot be decompressed", e);
            }
        }
    }
}

/// <summary>The head of a published catalogue.</summary>
/// <param name="Format">The name of the format.</param>
/// <param name="Version">The version of the format.</param>
/// <param name="MadeAt">The time at which its definitions were collected; a later catalogue replaces it.</param>
/// <param name="Classifier">The version of the classifier.</param>
/// <param name="Servers">The number of servers.</param>
/// <param name="Tools">The number of their tools.</param>
/// <param name="Distinct">The number of distinct definitions.</param>
internal sealed record PublishedHead(
    string Format, int Version, DateTimeOffset MadeAt, string Classifier, int Servers, int Tools, int Distinct);

/// <summary>A server of a published catalogue.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Tools">Its tools.</param>
/// <param name="Package">Its package as <c>npm:NAME</c>, <c>pypi:NAME</c> or <c>oci:NAME</c>.</param>
/// <param name="Repository">Its repository as OWNER/NAME.</param>
/// <param name="Transport"><c>stdio</c>, <c>streamable-http</c> or <c>sse</c>.</param>
internal sealed record PublishedServer(
    string Name, IReadOnlyList<PublishedTool> Tools, string? Package = null, string? Repository = null,
    string? Transport = null);

/// <summary>A tool of a published catalogue.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Class">The classifier's category.</param>
/// <param name="Risk">The classifier's risk.</param>
/// <param name="Confidence">From 0 to 1.</param>
/// <param name="Reasons">The classifier's reasons.</param>
/// <param name="Rule">The kind of the recommended policy entry.</param>
/// <param name="Parameters">
/// The types by name, with a question mark if optional; null if no source has a schema.
/// </param>
internal sealed record PublishedTool(
    string Name, ToolCategory Class, RiskLevel Risk, double Confidence, IReadOnlyList<string> Reasons, string Rule,
    IReadOnlyDictionary<string, string>? Parameters = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PublishedHead))]
[JsonSerializable(typeof(PublishedServer))]
internal sealed partial class PublishingJson : JsonSerializerContext;
