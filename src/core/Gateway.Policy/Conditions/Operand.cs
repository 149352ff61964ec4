using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Policy.Expressions;
using Gateway.Policy.Json;
using Gateway.Policy.Lists;
using Gateway.Policy.Patterns;
using Gateway.Policy.Problems;
using Gateway.Policy.Samples;
using Gateway.Policy.Text;
using Value = System.Text.Json.Nodes.JsonNode;

namespace Gateway.Policy.Conditions;

/// <summary>A kind of value that operators take from the policy.</summary>
/// <param name="Takes">Describes the kind in messages and documents.</param>
/// <param name="Schema">Its JSON Schema, as JSON.</param>
/// <param name="Samples">Values of this kind, as JSON.</param>
/// <param name="Around">Returns arguments on either side of such a value, as JSON.</param>
internal abstract record Operand(
    string Takes, string Schema, string[] Samples, Func<Value?, IEnumerable<string>> Around)
{
    /// <summary>Compares numbers, so that a call with a number that servers read differently is denied.</summary>
    public bool ReadsNumbers { get; init; } = true;

    /// <summary>The forms in which a named list can take the place of the value; empty if none can.</summary>
    public ImmutableArray<ValueForm> ListForms { get; init; } = [];

    /// <summary>The value of a condition that omits it; null if a value is required.</summary>
    public JsonNode? Default { get; init; }

    public static Operand<JsonNode> Flag { get; } = new(
        "true or false", """{ "type": "boolean" }""", ["true", "false"], static _ => [SampleValues.Text("x")],
        static (members, value, _) => members.Flag(value, "value") is null ? null : value, PolicyValue.Describe)
    {
        ReadsNumbers = false,
        Default = JsonNode.OfLiteral(JsonKind.True, 0),
    };

    public static Operand<JsonNode> Any { get; } = new(
        "any value", "{}", ["\"a\"", "1", "true", "null", "[1]", "{\"z\":1}"], SampleValues.Equal,
        static (members, value, _) => Exact(members, value), PolicyValue.Describe);

    public static Operand<JsonNode> Part { get; } = new(
        "any value but \"\"", "{}", ["\"a\"", "1"], SampleValues.Containing,
        static (members, value, _) =>
        {
            if (value is not { Kind: JsonKind.String, Text: "" })
                return Exact(members, value);
            members.Error(value, members.PointerTo("value"), "every string contains \"\": write the text to look for");
            return null;
        },
        PolicyValue.Describe);

    public static Operand<JsonNode> Element { get; } = new(
        "any value", "{}", ["\"a\"", "1", "true", "null"], SampleValues.Having,
        static (members, value, _) => Exact(members, value), PolicyValue.Describe);

    public static Operand<ValueSet> Values { get; } = new(
        "an array of at least one value", """{ "type": "array", "minItems": 1 }""", ["[\"a\",1]", "[null,[1]]"],
        SampleValues.Members,
        static (members, value, _) => value is { Kind: JsonKind.Array, Items.IsEmpty: false }
            ? new ValueSet(Exact(members, value))
            : Refuse<ValueSet>(members, value, Values!.Takes),
        static values => values.Describe())
    {
        ListForms = [ValueForm.Text, ValueForm.Lower, ValueForm.Digits, ValueForm.Number],
    };

    public static Operand<WrittenNumber> Number { get; } = new(
        "a number", """{ "type": "number" }""", ["1", "0.5", "-0"], SampleValues.Around,
        static (members, value, op) => WrittenNumber.Of(value)
            ?? Refuse<WrittenNumber>(members, value, $"a number (\"{op}\" compares numbers)"),
        static bound => bound.Text);

    public static Operand<Interval> Bounds { get; } = new(
        "an array of two numbers or two RFC 3339 date-times, the smaller one first",
        """{ "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": ["number", "string"] } }""",
        ["[0.5,2]", "[\"2026-01-31T00:00:00Z\",\"2026-12-31T23:59:59+01:00\"]"],
        static bounds => bounds?.AsArray().SelectMany(SampleValues.Equal) ?? [],
        static (members, value, _) =>
            (value.Items is [var low, var high] ? Interval.Of(low, high) : null)
                ?? Refuse<Interval>(members, value, Bounds!.Takes),
        static bounds => bounds.Text);

    public static Operand<WrittenNumber> Length { get; } = new(
        "a whole number of 0 or more", """{ "type": "integer", "minimum": 0 }""", ["1", "0", "2"],
        SampleValues.Lengths,
        static (members, value, _) => WrittenNumber.Of(value) is { Number: { IsInteger: true, Sign: >= 0 } } length
            ? length
            : Refuse<WrittenNumber>(members, value, Length!.Takes),
        static bound => bound.Text)
    {
        ReadsNumbers = false,
    };

    public static Operand<string> Affix { get; } = new(
        "a string of at least one character", """{ "type": "string" }""", ["\"a\"", "\"😀\""], SampleValues.Affixed,
        static (members, value, op) => value is { Kind: JsonKind.String, Text.Length: > 0 }
            ? value.Text
            : Refuse<string>(members, value, $"{Affix!.Takes} for \"{op}\""),
        static text => $"\"{Spelling.Shorten(text)}\"");

    public static Operand<SafeRegex> Expression { get; } = new(
        "a regular expression", """{ "type": "string" }""", ["\"^a\"", "\"[ab]+\"", "\"^1\""], SampleValues.Matching,
        static (members, value, _) => members.AsText(value, "value") is null
            ? null
            : Compile(members, value, members.PointerTo("value")),
        static regex => $"\"{Spelling.Shorten(regex.Text)}\"");

    public static Operand<Alternatives> Expressions { get; } = new(
        "an array of at least one regular expression",
        """{ "type": "array", "minItems": 1, "items": { "type": "string" } }""", ["[\"^a\",\"1$\"]"],
        static expressions => expressions?.AsArray().SelectMany(SampleValues.Matching) ?? [],
        static (members, value, _) => Each(members, value, Expressions!, Compile) is { } all
            ? Join(members, value, all)
            : null,
        static all => Listed(all.Each.Select(Expression.Describe), all.Each.Count));

    public static Operand<FrozenSet<string>> Hosts { get; } = new(
        "an array of at least one host name", """{ "type": "array", "minItems": 1, "items": { "type": "string" } }""",
        ["[\"a.example\"]"], SampleValues.AtHosts,
        static (members, value, _) =>
            Each(members, value, Hosts!, ReadHost)?.ToFrozenSet(StringComparer.Ordinal),
        static hosts => Listed(hosts.Order(StringComparer.Ordinal), hosts.Count))
    {
        ListForms = [ValueForm.Host],
    };

    public static Operand<Folders> Paths { get; } = new(
        "an array of at least one folder, all absolute or all relative",
        $$"""{ "type": "array", "minItems": 1, "maxItems": {{Folders.CountMax}},"""
            + $$""" "items": { "type": "string", "maxLength": {{Folders.LengthMax}} } }""",
        ["[\"/srv/reports\"]", "[\".github\",\"docs/a\"]"],
        static folders => folders?.AsArray().SelectMany(
            static folder => SampleValues.Affixed(folder).Append(SampleValues.Text($"{folder}/x"))) ?? [],
        static (members, value, _) => ReadFolders(members, value),
        static folders => Listed(folders.Texts, folders.Texts.Length));

    /// <summary>The first of many parts, in a sentence.</summary>
    public static string Listed(IEnumerable<string> parts, int count) =>
        string.Join(", ", parts.Take(10)) + (count > 10 ? ", …" : "");

    // An argument is compared for equality: a number that no call can send never equals one.
    private static JsonNode Exact(MemberReader members, JsonNode value)
    {
        InexactNumberWarning.Run(value, members.PointerTo("value"), members.Context);
        return value;
    }

    private static T? Refuse<T>(MemberReader members, JsonNode value, string wanted)
        where T : class
    {
        members.WrongType(value, "value", wanted);
        return null;
    }

    private static SafeRegex? Compile(MemberReader members, JsonNode value, string pointer)
    {
        var problem = "write each regular expression as a string";
        if (value.Kind == JsonKind.String && SafeRegex.Compile(value.Text, out problem) is { } regex)
            return regex;
        members.Error(value, pointer, problem);
        return null;
    }

    /// <summary>Joins expressions into one, so that all together have the bounds of one.</summary>
    private static Alternatives? Join(MemberReader members, JsonNode value, List<SafeRegex> each)
    {
        // The group keeps (?i) to its own expression.
        var all = string.Join('|', each.Select(static one => $"(?:{one.Text})"));
        if (SafeRegex.Compile(all, out var problem) is { } regex)
            return new Alternatives(regex, each);
        members.Error(value, members.PointerTo("value"), all.Length > SafeRegex.PatternLengthMax
            ? "these regular expressions are too long together: their characters, plus 5 for each expression, exceed "
                + $"{SafeRegex.PatternLengthMax}"
            : problem);
        return null;
    }

    private static string? ReadHost(MemberReader members, JsonNode value, string pointer)
    {
        if (value.Kind == JsonKind.String && UrlHost.Normalise(value.Text) is { } host)
            return host;
        members.Error(value, pointer, "write a host name such as \"api.example.com\", in punycode if it has "
            + "letters beyond ASCII, without scheme, port or \"*\"");
        return null;
    }

    private static Folders? ReadFolders(MemberReader members, JsonNode value)
    {
        if (Each(members, value, Paths, ReadFolder) is not { } all)
            return null;
        if (all.Count <= Folders.CountMax && Folders.Of(all) is { } folders)
            return folders;
        members.Error(value, members.PointerTo("value"), all.Count > Folders.CountMax
            ? $"{all.Count} folders; at most {Folders.CountMax} are allowed"
            : "some of these folders are absolute and others are relative: write one condition for each kind");
        return null;
    }

    private static string? ReadFolder(MemberReader members, JsonNode value, string pointer)
    {
        if (value.Kind == JsonKind.String && Folders.IsFolder(value.Text))
            return value.Text;
        members.Error(value, pointer, $"write a folder of at most {Folders.LengthMax} characters, such as "
            + "\"/srv/reports\" or \".github\": without \"..\", \"\\\", empty segments, or \"/\" at the end");
        return null;
    }

    /// <summary>Reads every element, so that each problem is reported.</summary>
    private static List<T>? Each<T>(
        MemberReader members, JsonNode value, Operand kind, Func<MemberReader, JsonNode, string, T?> read)
        where T : class
    {
        if (value is not { Kind: JsonKind.Array, Items.IsEmpty: false })
            return Refuse<List<T>>(members, value, kind.Takes);
        List<T> all = [.. members.Items(value, "value").Select(item => read(members, item.Node, item.Pointer))
            .OfType<T>()];
        return all.Count == value.Items.Length ? all : null;
    }
}

/// <summary>Expressions of which one has to match, and one expression for all of them.</summary>
internal sealed record Alternatives(SafeRegex Any, IReadOnlyList<SafeRegex> Each);

/// <summary>
/// A kind of value that is read as <typeparamref name="T"/>. <c>Read</c> returns null, with a problem reported, if a
/// value is not of this kind; <c>Describe</c> returns it as a sentence shows it.
/// </summary>
internal sealed record Operand<T>(
    string Takes, string Schema, string[] Samples, Func<Value?, IEnumerable<string>> Around,
    Func<MemberReader, JsonNode, string, T?> Read, Func<T, string> Describe)
    : Operand(Takes, Schema, Samples, Around)
    where T : class;
