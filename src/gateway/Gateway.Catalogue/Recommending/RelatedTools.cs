using Gateway.Catalogue.Classifying;

namespace Gateway.Catalogue.Recommending;

/// <summary>Other tools of the server that are about the same object, or do the same.</summary>
public static class RelatedTools
{
    private const int Most = 10;
    private const int CharsMax = 200;

    /// <summary>The nearest first, each with what it shares.</summary>
    public static IReadOnlyList<(string Name, string Because)> Of(string tool, IEnumerable<string> others)
    {
        var (verb, objects) = Parts(tool);
        var found = new List<(string Name, string Because, int Near)>();
        foreach (var other in others)
        {
            if (other == tool)
                continue;
            var (otherVerb, otherObjects) = Parts(other);
            var shared = objects.Intersect(otherObjects).ToList();
            if (shared.Count > 0)
                found.Add((other, $"same object: {string.Join(' ', shared)}", 2 + shared.Count));
            else if (verb is not null && verb == otherVerb)
                found.Add((other, $"same verb: {verb}", 1));
        }

        return
        [
            .. found.OrderByDescending(static one => one.Near).ThenBy(static one => one.Name, StringComparer.Ordinal)
                .Take(Most).Select(static one => (one.Name, one.Because)),
        ];
    }

    private static (string? Verb, HashSet<string> Objects) Parts(string name)
    {
        var words = NameWords.Of(name, CharsMax, humps: true);
        var verb = words.Find(static word => Vocabulary.Find(word) is not null);
        return (verb, [.. words.Where(word => word != verb && word.Length > 2).Select(Singular)]);
    }

    private static string Singular(string word) =>
        word.Length > 3 && word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word[..^1] : word;
}
