using Gateway.Catalogue.Classifying;
using Gateway.Proxy.Searching;

namespace Gateway.Catalogue.Recommending;

/// <summary>
/// The search for other tools of the server that concern the same object, have the same verb, or are often called
/// together with the tool.
/// </summary>
public static class RelatedTools
{
    private const int Most = 10;
    private const int CharsMax = 200;

    // The weight of being called together in every hour: as much as three words of an object that both names share.
    private const int TogetherMost = 5;

    /// <summary>Returns the most related tools first, each with the reason.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="others">The names of the server's tools.</param>
    /// <param name="together">
    /// The tools that are often called together with it, with the number of common hours and of all hours.
    /// </param>
    public static IReadOnlyList<(string Name, string Because)> Of(
        string tool, IEnumerable<string> others, IEnumerable<(string Tool, int Together, int Hours)> together)
    {
        var (verb, objects) = Parts(tool);
        var seen = together.ToDictionary(static one => one.Tool, StringComparer.Ordinal);
        var found = new List<(string Name, string Because, double Near)>();
        foreach (var other in others.Where(other => other != tool))
        {
            var (because, near) = Named(verb, objects, other);
            if (seen.TryGetValue(other, out var often))
            {
                because.Add(
                    $"often called together: by the same grant in {often.Together} of {often.Hours} hours");
                near += (double)TogetherMost * often.Together / often.Hours;
            }

            if (because.Count > 0)
                found.Add((other, string.Join("; ", because), near));
        }

        return
        [
            .. found.OrderByDescending(static one => one.Near).ThenBy(static one => one.Name, StringComparer.Ordinal)
                .Take(Most).Select(static one => (one.Name, one.Because)),
        ];
    }

    private static (List<string> Because, double Near) Named(string? verb, HashSet<string> objects, string other)
    {
        var (otherVerb, otherObjects) = Parts(other);
        var shared = objects.Intersect(otherObjects).ToList();
        if (shared.Count > 0)
            return ([$"same object: {string.Join(' ', shared)}"], 2 + shared.Count);
        if (verb is not null && verb == otherVerb)
            return ([$"same verb: {verb}"], 1);
        return ([], 0);
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
