namespace Gateway.Proxy.Scanning;

/// <summary>
/// The comparison of tools with those of other registered servers. Two servers with a tool of one name are not a
/// finding, because names such as "search" are common.
/// </summary>
public sealed class NeighbourScan
{
    private const int ReferenceCharsMin = 8;
    private const int NamesMax = 200_000;
    private const int LongWordMin = 8;

    // Letters of other scripts, and digits, that look like these Latin letters.
    private const string Alike = "аеорсухіјѕԁɡһӏοαѵԛԝɑıιυρкκօսհⅰⅼⅴⅽⅾⅿⅹ01";
    private const string Latin = "aeopcyxijsdghloavqwaiiupkkouhilvcdmxol";

    private readonly Dictionary<string, NeighbourTool> _descriptions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NeighbourTool> _skeletons = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NeighbourTool> _names = new(StringComparer.Ordinal);
    private readonly List<NeighbourTool> _others;

    /// <summary>Creates a scan against the tools of other servers, given the names of the server's own tools.</summary>
    public NeighbourScan(IEnumerable<NeighbourTool> others, IReadOnlySet<string> own)
    {
        _others = [.. others.Take(NamesMax)];
        foreach (var other in _others)
        {
            if (other.Description is { } description)
                _descriptions.TryAdd(description, other);
            _skeletons.TryAdd(Skeleton(other.Tool), other);
            if (IsDistinctive(other.Tool) && !own.Contains(other.Tool))
                _names.TryAdd(other.Tool, other);
        }
    }

    /// <summary>Returns the findings of one tool.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="description">The tool's description.</param>
    /// <param name="descriptionHash">
    /// The hash of the description; null if that is too short to identify anything.
    /// </param>
    public IEnumerable<Finding> Scan(string tool, string? description, string? descriptionHash)
    {
        if (descriptionHash is not null && _descriptions.TryGetValue(descriptionHash, out var same))
        {
            // Similarity is not evidence of intent: banks that offer one payment method describe it in the same words.
            yield return new Finding("clone", false, "/description", same.IsReplica
                ? $"The description is identical to that of {same.Tool} on the server {same.Server}, which also offers "
                    + "at least half of this server's tools."
                : $"The description is identical to that of {same.Tool} on the server {same.Server}.");
        }

        if ((_skeletons.TryGetValue(Skeleton(tool), out var alike) && alike.Tool != tool)
            || (alike = _others.Find(other => IsMisspelt(tool, other.Tool))) is not null)
        {
            yield return new Finding(
                "look_alike", false, "/name", $"It looks like {alike.Tool} of the server {alike.Server}.");
        }
        else if (MixesScripts(tool))
        {
            yield return new Finding(
                "look_alike", false, "/name", "A word in the name mixes Latin letters with letters of a different "
                    + "script that look alike.");
        }

        foreach (var word in Words(description).Distinct(StringComparer.Ordinal))
        {
            if (_names.TryGetValue(word, out var other))
            {
                yield return new Finding(
                    "other_tool", false, "/description", $"It mentions {other.Tool} of the server {other.Server}.");
            }
        }
    }

    /// <summary>
    /// Returns true if a name identifies a tool; plain words such as search, list or customer do not.
    /// </summary>
    private static bool IsDistinctive(string name) =>
        name.Length >= ReferenceCharsMin
        && (name.AsSpan().IndexOfAny('_', '-', '.') > 0 || name.Skip(1).Any(char.IsUpper));

    /// <summary>
    /// Returns true if a word consists of Latin letters and of Greek, Cyrillic or Armenian ones that look like Latin
    /// ones. Names in these scripts also have letters that Latin lacks.
    /// </summary>
    private static bool MixesScripts(string name)
    {
        var (latin, alike, other) = (false, false, false);
        for (var i = 0; i <= name.Length; i++)
        {
            if (i == name.Length || !char.IsLetter(name[i]))
            {
                if (latin && alike && !other)
                    return true;
                (latin, alike, other) = (false, false, false);
            }
            else if (char.IsAsciiLetter(name[i]))
                latin = true;
            else if (name[i] is >= '\u0370' and <= '\u058F' && Alike.Contains(name[i], StringComparison.Ordinal))
                alike = true;
            else
                other = true;
        }

        return false;
    }

    /// <summary>
    /// Returns true if the names differ in one letter, or in the order of two, of a long word; "list_nodes" and
    /// "list_notes" are two names.
    /// </summary>
    private static bool IsMisspelt(string name, string other)
    {
        if (Math.Abs(name.Length - other.Length) == 1)
            return name.Length > other.Length ? HasExtraLetter(name, other) : HasExtraLetter(other, name);
        if (name.Length != other.Length || name.Length < LongWordMin)
            return false;
        var first = name.AsSpan().CommonPrefixLength(other);
        if (first == name.Length)
            return false;
        var rest = first + 1;
        if (rest < name.Length && name[first] == other[rest] && name[rest] == other[first])
            rest++;
        return name.AsSpan(rest).SequenceEqual(other.AsSpan(rest))
            && char.IsAsciiLetter(name[first]) && char.IsAsciiLetter(other[first])
            && WordAt(name, first) >= LongWordMin && WordAt(other, first) >= LongWordMin;
    }

    /// <summary>
    /// Returns true if the longer name has one letter more inside a long word; at the end of a word, a letter is an
    /// inflection, as in "secrets".
    /// </summary>
    private static bool HasExtraLetter(string longer, string shorter)
    {
        var at = longer.AsSpan().CommonPrefixLength(shorter);
        return at + 1 < longer.Length && char.IsAsciiLetterLower(longer[at]) && char.IsAsciiLetterLower(longer[at + 1])
            && at > 0 && char.IsAsciiLetterLower(longer[at - 1])
            && longer.AsSpan(at + 1).SequenceEqual(shorter.AsSpan(at)) && WordAt(longer, at) > LongWordMin;
    }

    private static int WordAt(string name, int at)
    {
        var (start, end) = (at, at + 1);
        while (start > 0 && char.IsAsciiLetterLower(name[start - 1]))
            start--;
        while (end < name.Length && char.IsAsciiLetterLower(name[end]))
            end++;
        return end - start;
    }

    private static IEnumerable<string> Words(string? text)
    {
        if (text is null)
            yield break;
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] is '_' or '-' or '.'))
                continue;
            if (i - start >= ReferenceCharsMin)
                yield return text[start..i].TrimEnd('.', '-');
            start = i + 1;
        }
    }

    /// <summary>Returns a visual form of a name: two names with the same form are hard to distinguish.</summary>
    private static string Skeleton(string name) =>
        Letters(name).Replace("rn", "m", StringComparison.Ordinal).Replace("vv", "w", StringComparison.Ordinal);

    private static string Letters(string name) => string.Create(name.Length, name, static (skeleton, name) =>
    {
        for (var i = 0; i < name.Length; i++)
        {
            var c = DefinitionPlace.Narrow(name[i]);
            var index = Alike.IndexOf(c, StringComparison.Ordinal);
            skeleton[i] = c == 'I' ? 'l' : c == 'O' ? 'o' : index >= 0 ? Latin[index] : c;
        }
    });
}

/// <summary>A tool of another registered server.</summary>
/// <param name="Server">The server.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Description">The hash of its description; null if that is too short to identify anything.</param>
/// <param name="IsReplica">True if the server offers at least half of the tools of the scanned one.</param>
public sealed record NeighbourTool(string Server, string Tool, string? Description, bool IsReplica);
