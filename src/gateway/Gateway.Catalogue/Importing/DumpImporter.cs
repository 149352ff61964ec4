using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Indexing;
using Gateway.Catalogue.Listing;
using Gateway.Control.Options;

namespace Gateway.Catalogue.Importing;

/// <summary>
/// The import of published definitions into an index, in two passes: the files in any order, then the servers by name.
/// The index replaces the previous one once it is complete.
/// </summary>
public sealed class DumpImporter(DumpOptions options, TimeProvider time)
{
    private const int DepthMax = 64;
    private const int PlaceCharsMax = 500;
    private static readonly string[] Endings = [".json", ".jsonl", ".ndjson"];

    // These file names do not identify the server, so the folder name is used.
    private static readonly string[] Plain = ["tools", "server", "index", "tools-list", "mcp"];
    private readonly List<DumpRefusal> _refusals = [];
    private int _files;
    private int _refused;
    private int _repeated;
    private int _tools;

    /// <summary>Reads files and folders, and writes the index.</summary>
    /// <param name="sources">Files, and folders of which all files with a JSON extension are read.</param>
    /// <param name="path">The path of the index.</param>
    /// <param name="progress">Receives the number of tools in the index so far.</param>
    /// <param name="cancellationToken">Cancels the import and keeps the previous index.</param>
    /// <exception cref="IOException">A file cannot be read, or the index cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file cannot be read, or the index cannot be written.</exception>
    public DumpReport Import(
        IReadOnlyList<string> sources, string path, Action<int>? progress, CancellationToken cancellationToken)
    {
        new DumpOptionsValidator().Validate(null, options).OrThrow();
        var began = time.GetTimestamp();
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var spool = new DumpSpool(path + ".spool");
        var reader = new DumpReader(spool, options, Refuse);
        foreach (var file in sources.SelectMany(Files))
            ReadFile(reader, file, cancellationToken);
        var length = spool.Servers == 0 ? 0 : Write(spool, path, progress, cancellationToken);
        return new DumpReport(
            _files, spool.Servers, _tools, _repeated, _refused, _refusals, length, time.GetElapsedTime(began));
    }

    private static IEnumerable<string> Files(string source) => Directory.Exists(source)
        ? Directory.EnumerateFiles(source, "*", new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = 32,
            AttributesToSkip = FileAttributes.ReparsePoint,
        }).Where(static file => Endings.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal)
        : [source];

    private void ReadFile(DumpReader reader, string file, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        _files++;
        var name = Path.GetFileNameWithoutExtension(file);
        if (Plain.Contains(name))
            name = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file))) ?? name;
        if (Path.GetExtension(file) == ".json")
        {
            if (stream.Length > options.FileBytesMax)
            {
                Refuse(file, $"has {stream.Length} bytes, more than {options.FileBytesMax}: write one entry per line, "
                    + "in a file that ends with .jsonl");
                return;
            }

            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            ReadValue(reader, content, file, name, 0);
            return;
        }

        foreach (var (number, line) in DumpLines.Read(stream, options.LineBytesMax))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (line is null)
                Refuse($"{file}:{number}", $"is longer than {options.LineBytesMax} bytes");
            else
                ReadValue(reader, line, $"{file}:{number}", name, number);
        }
    }

    /// <param name="reader">Receives the value.</param>
    /// <param name="content">The content as JSON.</param>
    /// <param name="place">The place for messages.</param>
    /// <param name="name">The server's name if the value has none.</param>
    /// <param name="line">The line in the file; 0 if the content is the whole file.</param>
    private void ReadValue(DumpReader reader, ReadOnlyMemory<byte> content, string place, string name, int line)
    {
        try
        {
            if (content.Span.StartsWith("\uFEFF"u8))
                content = content[3..];
            using var document = JsonDocument.Parse(content, new JsonDocumentOptions
            {
                AllowTrailingCommas = true,
                CommentHandling = JsonCommentHandling.Skip,
                MaxDepth = DepthMax,
            });
            reader.Read(document.RootElement, place, name);
        }
        catch (JsonException e)
        {
            var column = (e.BytePositionInLine ?? 0) + 1;
            Refuse(line > 0 ? $"{place}:{column}" : $"{place}:{(e.LineNumber ?? 0) + 1}:{column}", "is not valid JSON");
        }
        catch (InvalidOperationException)
        {
            Refuse(place, "has text that is not valid Unicode; the rest was not read");
        }
    }

    private void Refuse(string place, string reason)
    {
        _refused++;
        if (_refusals.Count < options.RefusalsMax)
            _refusals.Add(new DumpRefusal(IndexBuilder.Cut(place, PlaceCharsMax)!, reason));
    }

    private long Write(DumpSpool spool, string path, Action<int>? progress, CancellationToken cancellationToken)
    {
        var made = path + ".new";
        try
        {
            long length;
            using (var stream = new FileStream(made, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                using var builder = new IndexBuilder(stream);
                var all = Partitioner.Create(spool.ReadAll(), EnumerablePartitionerOptions.NoBuffering)
                    .AsParallel().AsOrdered().WithCancellation(cancellationToken)
                    .Select(static one => (one.Server, Tools: Classify(one.Server.Name, one.Definitions)));
                foreach (var (server, tools) in all)
                {
                    if (!builder.HasRoom(tools.Count))
                    {
                        Refuse(path, $"is full: {server.Name} and all later servers are omitted");
                        break;
                    }

                    builder.BeginServer(server.Name, server.Description);
                    foreach (var tool in tools)
                        builder.Add(tool);
                    _tools += tools.Count;
                    _repeated += server.Tools - tools.Count;
                    progress?.Invoke(_tools);
                }

                length = builder.Finish(time.GetUtcNow());
                stream.Flush(flushToDisk: true);
            }

            File.Move(made, path, overwrite: true);
            return length;
        }
        catch
        {
            File.Delete(made);
            throw;
        }
    }

    private static List<IndexedTool> Classify(string server, IReadOnlyList<byte[]> definitions)
    {
        var tools = new List<IndexedTool>(definitions.Count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var definition in definitions)
        {
            var facts = ToolFacts.Of(definition);
            if (!names.Add(facts.Name))
                continue;
            var found = ToolClassifier.Of(facts);
            tools.Add(new IndexedTool(
                server, facts.Name, facts.Title, facts.Description, found.Category, found.Risk, found.Confidence));
        }

        return tools;
    }
}

/// <summary>An entry that could not be imported.</summary>
/// <param name="Place">The file, with the line or the JSON pointer.</param>
/// <param name="Reason">The reason.</param>
public sealed record DumpRefusal(string Place, string Reason);

/// <summary>The result of an import.</summary>
/// <param name="Files">The number of files read.</param>
/// <param name="Servers">The number of servers in the index.</param>
/// <param name="Tools">The number of tools in the index.</param>
/// <param name="Repeated">
/// The number of tools that repeat an earlier one of the same server and name; the first counts.
/// </param>
/// <param name="Refused">The number of refused entries.</param>
/// <param name="Refusals">The first refused entries.</param>
/// <param name="IndexBytes">The length of the index; 0 if none was written.</param>
/// <param name="Took">The duration.</param>
public sealed record DumpReport(
    int Files, int Servers, int Tools, int Repeated, int Refused, IReadOnlyList<DumpRefusal> Refusals, long IndexBytes,
    TimeSpan Took)
{
    /// <summary>The number of tools per second.</summary>
    public double Speed => Tools / Math.Max(Took.TotalSeconds, 0.001);
}
