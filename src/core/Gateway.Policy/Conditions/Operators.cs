using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Policy.Expressions;
using Gateway.Policy.Json;
using Gateway.Policy.Patterns;

namespace Gateway.Policy.Conditions;

/// <summary>
/// All operators of conditions. A new one is an entry here. The reader, the review, the diff, the published schema, the
/// console, the documents and the tests take it from this table.
/// </summary>
internal static class Operators
{
    private static readonly ImmutableArray<string> Texts = ["string"];

    // A number may be written as a string, so numbers are compared with strings too.
    private static readonly ImmutableArray<string> Ordered = ["number", "integer", "string"];

    /// <summary>
    /// Tests presence instead of a value. Implemented by a separate condition, <see cref="ExistsCondition"/>.
    /// </summary>
    public static Operator Exists { get; } = new Operator<JsonNode>("exists", "is given", Operand.Flag,
        static (isGiven, _, in _) => TriStateTable.Of(isGiven.Kind == JsonKind.True));

    /// <summary>The operators in the order of messages and documents.</summary>
    public static ImmutableArray<Operator> All { get; } =
    [
        Exists,
        new Operator<JsonNode>("eq", "is", Operand.Any, AreEqual) { OneOf = static value => [value] },
        new Operator<JsonNode>("neq", "is not", Operand.Any, AreEqual) { IsNegated = true },
        new Operator<ValueSet>("in", "is one of", Operand.Values, IsIn) { OneOf = static value => value.Items },
        new Operator<ValueSet>("not_in", "is none of", Operand.Values, IsIn) { IsNegated = true },
        InOrder("lt", new Order(IsLess: true, OrEqual: false)),
        InOrder("lte", new Order(IsLess: true, OrEqual: true)),
        InOrder("gt", new Order(IsLess: false, OrEqual: false)),
        InOrder("gte", new Order(IsLess: false, OrEqual: true)),
        new Operator<Interval>("between", "is between", Operand.Bounds,
            static (bounds, argument, in call) => bounds.Contains(argument, call)) { Fits = Ordered },
        new Operator<JsonNode>("has", "has", Operand.Element, Has),
        new Operator<JsonNode>("contains", "contains", Operand.Part, Contains)
        {
            Fits = ["string", "array"],
            ReadsParts = true,
        },
        new Operator<string>("starts_with", "starts with", Operand.Affix, static (affix, argument, in _) =>
            OfText(argument, argument.Text.StartsWith(affix, StringComparison.Ordinal)))
            { Fits = Texts, Domain = Domain.Prefixes, ReadsParts = true },
        new Operator<string>("ends_with", "ends with", Operand.Affix, static (affix, argument, in _) =>
            OfText(argument, argument.Text.EndsWith(affix, StringComparison.Ordinal)))
            { Fits = Texts, ReadsParts = true },
        new Operator<SafeRegex>("matches", "matches", Operand.Expression, IsMatch)
        {
            Fits = Texts,
            ReadsParts = true,
        },
        new Operator<Alternatives>("matches_any", "matches one of", Operand.Expressions,
            static (all, argument, in call) => IsMatch(all.Any, argument, call))
        {
            Fits = Texts,
            ReadsParts = true,
        },
        Measured("length_lt", new Order(IsLess: true, OrEqual: false)),
        Measured("length_lte", new Order(IsLess: true, OrEqual: true)),
        Measured("length_gt", new Order(IsLess: false, OrEqual: false)),
        Measured("length_gte", new Order(IsLess: false, OrEqual: true)),
        new Operator<FrozenSet<string>>("host_in", "is a URL of", Operand.Hosts, IsAtHost)
        {
            Note = "Denies a URL if programs may parse its host differently, such as an octal IPv4 address.",
            Fits = Texts,
            ReadsParts = true,
        },
        new Operator<Folders>("path_in", "is a path in", Operand.Paths,
            static (folders, argument, in call) => folders.Contain(argument, call))
        {
            Note = "Matches each of the folders and every path below one of them. Whole segments are compared as "
                + "text: links are not resolved. Denies a path that two programs could read as different folders: a "
                + "path with `..`, `\\`, `//` at the start, `~` or `:` in its first segment, a dot or a space at the "
                + "end of a segment, `%2e`, `%2f`, `%5c`, `%25`, control, invisible or combining characters; a path "
                + "that differs from a folder only in case; and a relative path if the folders are absolute, or the "
                + "reverse.",
            Fits = Texts,
            ReadsParts = true,
        },
    ];

    public static ImmutableArray<string> Names { get; } = [.. All.Select(static op => op.Name)];

    /// <summary>
    /// Returns the operator of this name; null for an unknown name, so that it never becomes another operator.
    /// </summary>
    public static Operator? Find(string? name) => All.FirstOrDefault(op => op.Name == name);

    private static Operator<WrittenNumber> InOrder(string name, Order order) =>
        new(name, $"is {order.Words}", Operand.Number, (bound, argument, in call) =>
            Numbers.TryRead(argument, call.Work, out var number)
                ? TriStateTable.Of(order.Holds(number.CompareTo(bound.Number)))
                : TriState.Incomparable)
        {
            Fits = Ordered,
            Domain = Domain.Numbers,
        };

    /// <summary>
    /// Creates an operator that compares code points of a string, elements of an array, or members of an object.
    /// </summary>
    private static Operator<WrittenNumber> Measured(string name, Order order) =>
        new(name, $"has a length of {order.Words}", Operand.Length, (bound, argument, in call) =>
        {
            if (!call.Work.SpendText(argument.Text))
                return TriState.Incomparable;
            int? length = argument.Kind switch
            {
                JsonKind.String => CodePoints.Count(argument.Text),
                JsonKind.Array => argument.Items.Length,
                JsonKind.Object => argument.Members.Length,
                _ => null,
            };
            return length is { } known
                ? TriStateTable.Of(order.Holds(JsonDecimal.OfInteger(known).CompareTo(bound.Number)))
                : TriState.Incomparable;
        })
        {
            Fits = ["string", "array", "object"],
            Domain = Domain.Lengths,
        };

    private static TriState AreEqual(JsonNode value, JsonNode argument, in EvaluationContext call) =>
        Equality.Compare(value, argument, call.Work);

    private static TriState IsIn(ValueSet values, JsonNode argument, in EvaluationContext call) =>
        values.Contains(argument, call);

    /// <summary>Tests for a string within a string, or a value among the elements of an array.</summary>
    private static TriState Contains(JsonNode part, JsonNode argument, in EvaluationContext call)
    {
        if (argument.Kind == JsonKind.String && part.Kind == JsonKind.String)
        {
            // At every position, part of the text may match before the rest differs.
            var cost = argument.Text.Length / WorkBudget.CharactersPerStep
                * (1L + (part.Text.Length / WorkBudget.CharactersPerStep));
            return call.Work.Spend(cost)
                ? TriStateTable.Of(argument.Text.Contains(part.Text, StringComparison.Ordinal))
                : TriState.Incomparable;
        }

        return argument.Kind == JsonKind.Array ? HasElement(part, argument, call) : TriState.Incomparable;
    }

    /// <summary>Tests for a value among the elements of an array, or for exactly that value outside of one.</summary>
    private static TriState Has(JsonNode value, JsonNode argument, in EvaluationContext call) =>
        argument.Kind == JsonKind.Array
            ? HasElement(value, argument, call)
            : Equality.Compare(value, argument, call.Work);

    private static TriState HasElement(JsonNode part, JsonNode argument, in EvaluationContext call)
    {
        var triState = TriState.False;
        foreach (var item in argument.Items)
        {
            if (!call.Work.Spend(1))
                return TriState.Incomparable;
            triState = TriStateTable.Or(triState, Equality.Compare(part, item, call.Work));
        }

        return triState;
    }

    /// <summary>
    /// A URL whose host two programs could read differently cannot be compared, so it passes neither a <c>require</c>
    /// nor a <c>deny_if</c>.
    /// </summary>
    private static TriState IsAtHost(FrozenSet<string> hosts, JsonNode argument, in EvaluationContext call) =>
        argument.Kind == JsonKind.String && call.Work.SpendText(argument.Text)
            && UrlHost.OfUrl(argument.Text) is { } host
            ? TriStateTable.Of(hosts.Contains(host))
            : TriState.Incomparable;

    private static TriState IsMatch(SafeRegex regex, JsonNode argument, in EvaluationContext call) =>
        OfText(argument, argument.Kind == JsonKind.String ? regex.IsMatch(argument.Text, call.Work) : null);

    private static TriState OfText(JsonNode argument, bool? holds) =>
        argument.Kind == JsonKind.String && holds is { } known ? TriStateTable.Of(known) : TriState.Incomparable;
}
