using System.Buffers;
using System.Text.RegularExpressions;
using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Control.Contracts;

/// <summary>
/// The rules for labels, by which operators select objects, with the syntax of Kubernetes
/// (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set).
/// </summary>
internal static partial class Labels
{
    /// <summary>The maximum number of labels of one object, and of requirements of a selector.</summary>
    public const int CountMax = 64;

    /// <summary>The maximum length of a value, and of the name in a key.</summary>
    public const int NameLengthMax = 63;

    /// <summary>The maximum length of the domain before the name in a key.</summary>
    public const int DomainLengthMax = 253;

    private static readonly string ValueRule = $"write at most {NameLengthMax} letters, digits, \".\", \"_\" and "
        + "\"-\", starting and ending with a letter or a digit";

    private static readonly string KeyRule = ValueRule + "; a domain in lower case and \"/\" may precede them";

    /// <summary>Returns each problem, as its JSON Pointer below the labels and the reason.</summary>
    public static IEnumerable<(string Pointer, string Message)> Problems(Dictionary<string, string>? labels)
    {
        if (labels?.Count > CountMax)
            yield return ("", $"there are {labels.Count} labels; at most {CountMax} are allowed");
        foreach (var (key, value) in labels ?? [])
        {
            var pointer = "/" + JsonPointer.Escape(key);
            if (ProblemOfKey(key) is { } wrongKey)
                yield return (pointer, wrongKey);
            if (ProblemOfValue(value) is { } wrongValue)
                yield return (pointer, wrongValue);
        }
    }

    /// <summary>Returns the reason why a text cannot be a key; null if it can.</summary>
    public static string? ProblemOfKey(string key)
    {
        var (domain, name) = key.Split('/', 2) is [var before, var after] ? (before, after) : (null, key);
        return name.Length > 0 && IsName(name)
            && (domain is null || (domain.Length <= DomainLengthMax && Domain.IsMatch(domain)))
                ? null : $"\"{Spelling.Shorten(key)}\" is not a valid key of a label; {KeyRule}";
    }

    /// <summary>Returns the reason why a text cannot be a value; null if it can.</summary>
    public static string? ProblemOfValue(string? value) =>
        value is null ? $"null is not a valid value of a label; {ValueRule}"
        : IsName(value) ? null
        : $"\"{Spelling.Shorten(value)}\" is not a valid value of a label; {ValueRule}";

    private static bool IsName(string text) => text.Length <= NameLengthMax && Name.IsMatch(text);

    [GeneratedRegex(@"\A(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)?\z")]
    private static partial Regex Name { get; }

    // An RFC 1123 subdomain, as Kubernetes accepts it.
    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\z")]
    private static partial Regex Domain { get; }
}

/// <summary>
/// A selector: requirements that labels must all meet, such as <c>team=support,env in (prod,test),!legacy</c>. The
/// syntax and the meaning are those of Kubernetes
/// (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors).
/// </summary>
public sealed class LabelSelector
{
    private const string Rule = "write key, !key, key=value, key!=value, key in (a,b) or key notin (a,b), with commas "
        + "between several";

    private readonly List<Requirement> _requirements = [];

    private LabelSelector()
    {
    }

    /// <summary>Reads a selector; returns null, with the position and the reason, if the text is not valid.</summary>
    public static LabelSelector? Read(string text, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (selector, reader) = (new LabelSelector(), new Reader(text));
        do
        {
            selector._requirements.Add(reader.ReadRequirement());
        }
        while (reader.Problem is null && reader.Takes(","));
        if (!reader.IsAtEnd)
            reader.Refuse($"\",\" is missing before \"{Spelling.Shorten(reader.Rest)}\"; {Rule}");
        if (selector._requirements.Count > Labels.CountMax)
            reader.Refuse($"there are more than {Labels.CountMax} requirements");
        problem = reader.Problem;
        return problem is null ? selector : null;
    }

    /// <summary>Returns true if labels meet all requirements. An absent key meets <c>!=</c> and <c>notin</c>.</summary>
    public bool IsMetBy(IReadOnlyDictionary<string, string>? labels) => _requirements.TrueForAll(one =>
        (labels?.GetValueOrDefault(one.Key) is { } value && one.Values?.Contains(value) != false) == one.IsIn);

    /// <summary>
    /// A requirement that a key is present or has one of the values; negated if <c>IsIn</c> is false.
    /// </summary>
    private sealed record Requirement(string Key, HashSet<string>? Values = null, bool IsIn = true);

    /// <summary>A parser that reads a text from left to right, up to the first problem.</summary>
    private sealed class Reader(string text)
    {
        private static readonly SearchValues<char> WordEnds = SearchValues.Create("=!(), \t\r\n");
        private static readonly char[] Blanks = [' ', '\t', '\r', '\n'];

        private int _at;

        /// <summary>The first problem, with its position.</summary>
        public string? Problem { get; private set; }

        public bool IsAtEnd => Problem is not null || Rest.Length == 0;

        public string Rest => text[_at..].TrimStart(Blanks);

        public Requirement ReadRequirement()
        {
            var isAbsent = Takes("!");
            var key = Word("a key", Labels.ProblemOfKey);
            if (isAbsent || IsAtEnd || Rest[0] == ',')
                return new Requirement(key, IsIn: !isAbsent);
            if (Takes("!="))
                return new Requirement(key, [Word("a value", Labels.ProblemOfValue)], IsIn: false);
            if (Takes("==") || Takes("="))
                return new Requirement(key, [Word("a value", Labels.ProblemOfValue)]);
            var isIn = Word("an operator", static word => word is "in" or "notin"
                ? null : $"\"{Spelling.Shorten(word)}\" is not an operator; {Rule}") == "in";
            return new Requirement(key, ReadValues(), isIn);
        }

        public bool Takes(string symbol)
        {
            if (IsAtEnd || !Rest.StartsWith(symbol, StringComparison.Ordinal))
                return false;
            _at = text.Length - Rest.Length + symbol.Length;
            return true;
        }

        public void Refuse(string reason) => Problem ??= $"at character {text.Length - Rest.Length + 1}: {reason}";

        private HashSet<string> ReadValues()
        {
            var values = new HashSet<string>(StringComparer.Ordinal);
            if (!Takes("("))
                Refuse($"\"(\" is missing; {Rule}");
            do
            {
                values.Add(Word("a value", Labels.ProblemOfValue));
            }
            while (Takes(","));
            if (!Takes(")"))
                Refuse($"\")\" is missing; {Rule}");
            return values;
        }

        private string Word(string what, Func<string, string?> problem)
        {
            var rest = Rest;
            var length = rest.AsSpan().IndexOfAny(WordEnds);
            var word = length < 0 ? rest : rest[..length];
            if (problem(word) is { } reason)
                Refuse(word.Length > 0 ? reason : $"{what} is missing; {Rule}");
            _at = text.Length - rest.Length + word.Length;
            return word;
        }
    }
}
