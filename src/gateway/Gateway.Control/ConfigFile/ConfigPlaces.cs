using System.Collections.Immutable;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Control.ConfigFile;

/// <summary>The configuration file as a tree with positions, so that each problem has its line and column.</summary>
internal sealed class ConfigPlaces
{
    private readonly ProblemSink _problems;
    private HashSet<string> _unread = [];

    private ConfigPlaces(JsonNode? root, ProblemSink problems, LineMap lines) =>
        (Root, _problems, Lines) = (root, problems, lines);

    /// <summary>
    /// The root of the tree; null if the file is not valid JSON, for the reason in <see cref="Problems"/>.
    /// </summary>
    public JsonNode? Root { get; }

    /// <summary>The positions at which its lines begin.</summary>
    public LineMap Lines { get; }

    /// <summary>The context that readers of members need.</summary>
    public DocumentContext Context => new(_problems);

    /// <summary>The problems, in the order of the file.</summary>
    public ImmutableArray<PolicyProblem> Problems => _problems.ToImmutable();

    public static ConfigPlaces Read(ReadOnlyMemory<byte> utf8, string file)
    {
        var lines = new LineMap(utf8);
        var problems = new ProblemSink(file, lines);
        if (utf8.Length > PolicyBounds.DocumentBytesMax)
        {
            problems.Error(
                0, "", $"the file has {utf8.Length} bytes; at most {PolicyBounds.DocumentBytesMax} are accepted");
            return new ConfigPlaces(null, problems, lines);
        }

        return new ConfigPlaces(problems.Read(utf8.Span), problems, lines);
    }

    /// <summary>
    /// Ends the reading of members. From here on, <see cref="Error"/> ignores the problems of a member that could not
    /// be read, and of the object that contains it: the member looks absent there.
    /// </summary>
    public void EndReading() => _unread =
    [
        .. Problems.Where(static problem => problem.Severity == ProblemSeverity.Error).SelectMany(static problem =>
            new[] { problem.Pointer, problem.Pointer[..Math.Max(0, problem.Pointer.LastIndexOf('/'))] }),
    ];

    public void Error(string pointer, string message)
    {
        if (!_unread.Contains(pointer))
            _problems.Error(OffsetOf(pointer), pointer, message);
    }

    public void Warn(string pointer, string message) => _problems.Warn(OffsetOf(pointer), pointer, message);

    /// <summary>Returns the offset of a value or, if it does not exist, of its nearest ancestor that does.</summary>
    private int OffsetOf(string pointer)
    {
        var node = Root;
        foreach (var step in pointer.Split('/').Skip(1))
        {
            var next = node?.Kind == JsonKind.Array && int.TryParse(step, out var index) && index < node.Items.Length
                ? node.Items[index]
                : node?.Find(JsonPointer.Unescape(step));
            if (next is null)
                break;
            node = next;
        }

        return node?.Offset ?? 0;
    }
}
