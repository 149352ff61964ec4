using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary>
/// A path into the arguments of a call, its caller or the response of a server: <c>args</c>, <c>caller</c> or
/// <c>result</c>, then <c>.key</c>, <c>["key with . or ["]</c>, <c>[0]</c> or <c>[*]</c>.
/// </summary>
internal sealed class ArgumentPath
{
    public const string ArgumentsRoot = "args";
    public const int StepsMax = 64;

    private ArgumentPath(string text, bool isOfCaller, ImmutableArray<PathStep> steps)
    {
        Text = text;
        IsOfCaller = isOfCaller;
        Steps = steps;
        HasEvery = steps.Any(static step => step.IsEvery);
    }

    public string Text { get; }

    /// <summary>True if the path begins at the caller, not at the arguments or the result.</summary>
    public bool IsOfCaller { get; }

    public ImmutableArray<PathStep> Steps { get; }

    /// <summary>True if the path selects every element of some array, and so any number of values.</summary>
    public bool HasEvery { get; }

    public static bool TryParse(string text, out ArgumentPath path, out string? problem) =>
        TryParse(text, ArgumentsRoot, out path, out problem);

    /// <summary>Parses a path into a call: its arguments or its caller.</summary>
    public static bool TryParseOfCall(string text, out ArgumentPath path, out string? problem)
    {
        if (!BeginsAt(text, CallerPaths.Root))
            return TryParse(text, out path, out problem);
        if (!TryParse(text, CallerPaths.Root, out path, out problem))
            return false;
        problem = CallerPaths.ProblemOf(path.Steps);
        // The names of headers have no case.
        if (problem is null && CallerPaths.IsOfHeaders(path))
            path = new ArgumentPath(
                text, isOfCaller: true, [path.Steps[0], PathStep.ToKey(path.Steps[1].Key!.ToLowerInvariant())]);
        return problem is null;
    }

    public static bool TryParse(string text, string root, out ArgumentPath path, out string? problem)
    {
        path = null!;
        if (!BeginsAt(text, root))
        {
            // A misspelled root, such as arg.amount or arguments.amount, is replaced; a name without one is completed.
            var first = text.Split('.', '[')[0];
            var isRoot = first.Length < text.Length && first.StartsWith(root[..3], StringComparison.Ordinal);
            var rest = isRoot ? text[first.Length..] : $".{text}";
            problem = $"a path begins with \"{root}\": \"{root}{(text.Length is > 0 and < 40 ? rest : ".amount")}\"";
            return false;
        }

        var steps = ImmutableArray.CreateBuilder<PathStep>();
        var at = root.Length;
        problem = null;
        while (at < text.Length && problem is null)
        {
            problem = text[at] == '.' ? ReadKey(text, ref at, steps) : ReadBracket(text, ref at, steps);
            if (steps.Count > StepsMax)
                problem = $"a path has at most {StepsMax} steps";
        }

        path = new ArgumentPath(text, root == CallerPaths.Root, steps.ToImmutable());
        return problem is null;
    }

    private static bool BeginsAt(string text, string root) =>
        text.StartsWith(root, StringComparison.Ordinal)
        && (text.Length == root.Length || text[root.Length] is '.' or '[');

    /// <summary>
    /// Returns the single selected value, or null if it is absent. Only for a path without <c>[*]</c>.
    /// </summary>
    public JsonNode? Find(JsonNode arguments)
    {
        var node = arguments;
        foreach (var step in Steps)
        {
            if (Step(node, step) is not { } next)
                return null;
            node = next;
        }

        return node;
    }

    /// <summary>Returns the value one key or index further, or null.</summary>
    public static JsonNode? Step(JsonNode node, PathStep step)
    {
        if (step.Key is { } key)
            return node.Find(key);
        return step.Index >= 0 && step.Index < node.Items.Length ? node.Items[step.Index] : null;
    }

    public override string ToString() => Text;

    private static string? ReadKey(string text, ref int at, ImmutableArray<PathStep>.Builder steps)
    {
        var start = at + 1;
        var length = text.AsSpan(start).IndexOfAny('.', '[');
        length = length < 0 ? text.Length - start : length;
        var key = text.Substring(start, length);
        at = start + length;
        if (key.Length == 0)
            return "a key is missing after '.': an empty key is written [\"\"]";
        if (key.AsSpan().IndexOfAny(']', '"') >= 0)
            return $"write a key with ']' or '\"' in brackets and quotes: [{Quote(key)}]";
        steps.Add(PathStep.ToKey(key));
        return null;
    }

    private static string? ReadBracket(string text, ref int at, ImmutableArray<PathStep>.Builder steps)
    {
        const string wanted = "brackets contain an index [0], [*], or a key in quotes [\"a.b\"]";
        if (text[at] != '[')
            return "after ']' must come '.', '[' or the end";
        if (at + 1 < text.Length && text[at + 1] == '"')
            return ReadQuoted(text, ref at, steps);
        var close = text.IndexOf(']', at);
        if (close < 0)
            return wanted;
        var inside = text.AsSpan(at + 1, close - at - 1);
        at = close + 1;
        if (inside.SequenceEqual("*"))
        {
            steps.Add(PathStep.Every);
            return null;
        }

        if (!int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return wanted;
        steps.Add(PathStep.ToIndex(index));
        return null;
    }

    private static string? ReadQuoted(string text, ref int at, ImmutableArray<PathStep>.Builder steps)
    {
        // The quoted form is a JSON string, so that any key can be written.
        var utf8 = Encoding.UTF8.GetBytes(text[(at + 1)..]);
        var end = 0;
        if (JsonStringReader.Read(utf8, ref end, out var problem) is not { } key)
            return problem;
        at += 1 + Encoding.UTF8.GetCharCount(utf8, 0, end);
        if (at == text.Length || text[at] != ']')
            return "']' is missing after the quoted key";
        at++;
        steps.Add(PathStep.ToKey(key));
        return null;
    }

    private static string Quote(string key) => $"\"{key.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

/// <summary>One step into the arguments: a key, an index, or every element of an array.</summary>
internal readonly record struct PathStep(string? Key, int Index)
{
    private const int EveryIndex = -1;

    public static PathStep Every => new(null, EveryIndex);

    public bool IsEvery => Key is null && Index == EveryIndex;

    public static PathStep ToKey(string key) => new(key, 0);

    public static PathStep ToIndex(int index) => new(null, index);
}
